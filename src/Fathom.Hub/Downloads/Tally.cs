namespace Fathom.Hub.Downloads;

/// <summary>Adds up the files of one download and reports.</summary>
internal sealed class Tally(string repoId, IProgress<HubProgress>? progress, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Bytes, long Length)> _files = new(StringComparer.Ordinal);
    private int _done;
    private long _lastReport;

    /// <summary>Adds files that are wanted.</summary>
    public void Expect(IEnumerable<(string Path, long Length)> files)
    {
        lock (_gate)
        {
            foreach (var (path, length) in files)
            {
                _files.TryAdd(path, (0, length));
            }
        }
    }

    /// <summary>Says how many bytes of a file are here.</summary>
    public void Set(string path, long bytes)
    {
        lock (_gate)
        {
            _files[path] = (bytes, _files[path].Length);
        }

        if (clock.GetElapsedTime(Interlocked.Read(ref _lastReport)) >= Interval)
        {
            Report(path, null);
        }
    }

    /// <summary>Says that a file is complete.</summary>
    public void Done(string path)
    {
        lock (_gate)
        {
            _files[path] = (_files[path].Length, _files[path].Length);
            _done++;
        }

        Report(path, null);
    }

    /// <summary>Passes on something that the user should know.</summary>
    public void Notice(string text) => Report(null, text);

    private void Report(string? path, string? notice)
    {
        if (progress is null)
        {
            return;
        }

        HubProgress report;
        lock (_gate)
        {
            _lastReport = clock.GetTimestamp();
            var file = path is null ? default : _files[path];
            report = new HubProgress
            {
                RepoId = repoId,
                File = path,
                FileBytes = file.Bytes,
                FileLength = file.Length,
                Bytes = _files.Values.Sum(f => f.Bytes),
                TotalBytes = _files.Values.Sum(f => f.Length),
                FilesDone = _done,
                FileCount = _files.Count,
                Notice = notice,
            };
        }

        progress.Report(report);
    }
}
