namespace Fathom.Hub;

/// <summary>Thrown when the cache's disk has no room for the files.</summary>
public sealed class HubDiskFullException : HubException
{
    internal HubDiskFullException(string folder, long needed, long? free, Exception? inner = null)
        : base($"The disk of {folder} is too full: {needed:N0} more bytes are needed{(free is null ? "" : $", {free:N0} are free")}. "
            + "Free some ('fathom models rm NAME' removes a model), or set HF_HOME to a folder on a larger disk; then run the same command again, it resumes.", inner)
    {
        Folder = folder;
        Needed = needed;
    }

    /// <summary>The folder that was to hold the files.</summary>
    public string Folder { get; }

    /// <summary>Bytes still to be written.</summary>
    public long Needed { get; }
}
