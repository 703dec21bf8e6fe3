using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fathom.Patching.Json;
using Fathom.Patching.Planning;

namespace Fathom.Patching.Engine;

/// <summary>A text file of finished groups: a line that names the experiment, then per group its scores, noise and counters. Half a line at the end, from a run that was killed, is dropped.</summary>
internal sealed class ResumeState : IDisposable
{
    private readonly string _path;
    private FileStream? _file;

    private ResumeState(string path) => _path = path;

    /// <summary>The groups that an earlier run finished.</summary>
    public int Done { get; private set; }

    public static ResumeState Open(string path, PatchJob job, int groups, IReadOnlyList<SweepValues> values, double[][] noise, WorkCounter work)
    {
        var head = $"fathom.resume/1 {Fingerprint(job)} {groups}";
        ResumeState state = new(path);
        var keep = Encoding.UTF8.GetByteCount(head) + 1L;
        if (File.Exists(path) && new FileInfo(path).Length > 0)
        {
            var lines = File.ReadAllText(path).Split('\n');
            if (lines[0] != head)
            {
                throw new ResumeFileException(path, lines[0].StartsWith("fathom.resume/", StringComparison.Ordinal) ? "it belongs to another experiment, model or memory budget" : "it is no file of an interrupted sweep");
            }

            foreach (var line in lines[1..^1])
            {
                if (state.Done >= groups || !Restore(line, values, noise, work))
                {
                    throw new ResumeFileException(path, $"line {state.Done + 2} is damaged");
                }

                keep += Encoding.UTF8.GetByteCount(line) + 1;
                state.Done++;
            }
        }

        state._file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (state.Done == 0)
        {
            state._file.SetLength(0);
            state._file.Write(Encoding.UTF8.GetBytes(head + "\n"));
        }

        state._file.SetLength(keep);
        state._file.Seek(0, SeekOrigin.End);
        state._file.Flush();
        return state;
    }

    /// <summary>Writes a finished group.</summary>
    public void Add(PatchGroup group, IReadOnlyList<SweepValues> values, double[][] noise, WorkCounter work)
    {
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"{work.AttentionRows} {work.MlpRows} {string.Join(' ', noise.SelectMany(n => n).Select(Exact))} |");
        foreach (var patch in group.Patches.Where(p => p.Cell >= 0))
        {
            var cells = values[patch.Run.Sweep].Cells;
            line.Append(CultureInfo.InvariantCulture, $" {patch.Run.Sweep}:{patch.Run.Example}:{patch.Cell}:{string.Join(':', cells.Select(m => Exact(m[patch.Run.Example][patch.Cell])))}");
        }

        line.Append('\n');
        _file!.Write(Encoding.UTF8.GetBytes(line.ToString()));
        _file.Flush();
    }

    /// <summary>Deletes the file: the result is complete.</summary>
    public void Finish()
    {
        Dispose();
        File.Delete(_path);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private static bool Restore(string line, IReadOnlyList<SweepValues> values, double[][] noise, WorkCounter work)
    {
        var halves = line.Split(" |");
        var numbers = halves[0].Split(' ');
        if (halves.Length != 2 || numbers.Length != 2 + noise.Sum(n => n.Length) || !long.TryParse(numbers[0], out var attention) || !long.TryParse(numbers[1], out var mlp))
        {
            return false;
        }

        var at = 2;
        foreach (var sweep in noise)
        {
            for (var m = 0; m < sweep.Length; m++)
            {
                if (!Read(numbers[at++], out sweep[m]))
                {
                    return false;
                }
            }
        }

        foreach (var cell in halves[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = cell.Split(':');
            if (parts.Length < 4 || !int.TryParse(parts[0], out var s) || !int.TryParse(parts[1], out var e) || !int.TryParse(parts[2], out var c)
                || (uint)s >= (uint)values.Count || parts.Length != 3 + values[s].Cells.Length || (uint)e >= (uint)values[s].Cells[0].Length || (uint)c >= (uint)values[s].Cells[0][0].Length)
            {
                return false;
            }

            for (var m = 0; m < values[s].Cells.Length; m++)
            {
                if (!Read(parts[3 + m], out values[s].Cells[m][e][c]))
                {
                    return false;
                }
            }
        }

        work.Restore(attention, mlp);
        return true;
    }

    private static string Exact(double value) => BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture);

    private static bool Read(string text, out double value)
    {
        var ok = long.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits);
        value = BitConverter.Int64BitsToDouble(bits);
        return ok;
    }

    private static string Fingerprint(PatchJob job)
    {
        var source = job.Model.Source;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{source.Name}|{source.Revision}|{source.Processing}|{job.Model.DType}|{job.Model.ParameterCount}|{Exact(job.Model.Unembed.WU.Value.abs().sum().to(torch.float64).item<double>())}");
        foreach (var sweep in job.Sweeps)
        {
            text.Append('|').Append(ExperimentJson.Write(sweep.Sweep).ToJsonString());
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
