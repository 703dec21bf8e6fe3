using System.Text.Json;

namespace Fathom.Cli.Commands.Verify;

/// <summary>How far a reference is from itself: what a dump's <c>golden.json</c> says about its own rounding.</summary>
internal static class ReferenceNoise
{
    /// <summary>What is accepted where the user says nothing.</summary>
    internal const double Usual = 1e-4;

    /// <summary>What is accepted of a folder of goldens, whose activations and logits come from a whole model of many layers.</summary>
    internal const double UsualOfFolder = 1e-3;

    private const string FileName = "golden.json";
    private const string Key = "max_fp32_minus_fp64";
    private const int Times = 10;

    /// <summary>The tolerance for a dump: <see cref="Usual"/>, or ten times the noise that a <c>golden.json</c> beside it tells of, where that is more.</summary>
    /// <param name="reference">The dump.</param>
    /// <param name="run">Told why, where the tolerance is not the usual one.</param>
    internal static double Tolerance(string reference, Invocation run)
    {
        var facts = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(reference))!, FileName);
        if (!File.Exists(facts))
        {
            return Usual;
        }

        var noise = InputFile.Open(facts, Read);
        if (Times * noise <= Usual)
        {
            return Usual;
        }

        run.Note($"The tolerance is {Times * noise:0.0e-0}, ten times the reference's own noise: its logits in fp32 are {noise:0.0e-0} from those in fp64 ({FileName}). --tolerance sets another.");
        return Times * noise;
    }

    private static double Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Key, out var noise) && noise.ValueKind == JsonValueKind.Number ? noise.GetDouble() : 0;
        }
        catch (JsonException cause)
        {
            throw new CommandException(ExitCode.Failure, $"{path} tells of the reference's noise, and is not valid JSON: {cause.Message} Repair or remove it, or give --tolerance.", cause);
        }
    }
}
