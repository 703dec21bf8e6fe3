using System.Globalization;
using Fathom.Hub;

namespace Fathom.Loading;

/// <summary>Tells the progress of a download in words.</summary>
/// <param name="text">Who is told.</param>
internal sealed class HubProgressText(IProgress<string> text) : IProgress<HubProgress>
{
    /// <inheritdoc/>
    public void Report(HubProgress value) => text.Report(value.Notice is { } notice
        ? $"{value.RepoId}: {notice}"
        : string.Create(CultureInfo.InvariantCulture, $"Downloading {value.RepoId}: {value.Bytes / 1e6:0} of {value.TotalBytes / 1e6:0} MB, {value.FilesDone} of {value.FileCount} files"));
}
