namespace Fathom.Hub.Storage;

/// <summary>Room on a disk.</summary>
internal static class DiskSpace
{
    /// <summary>Free bytes on the disk of an existing folder; null if the system does not tell.</summary>
    public static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // A network share without a drive letter has no such figure; writing then finds out.
            return null;
        }
    }
}
