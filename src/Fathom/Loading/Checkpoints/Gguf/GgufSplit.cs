using System.Globalization;
using System.Text.RegularExpressions;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Models split over several files, <c>NAME-00001-of-00003.gguf</c> and on.</summary>
internal static partial class GgufSplit
{
    private const int MostParts = 1_000;

    /// <summary>The paths of all parts, from the file name of part 1 and its folder only; the metadata never name a file.</summary>
    /// <exception cref="InvalidCheckpointException">The path is not part 1, or a part is missing.</exception>
    public static IReadOnlyList<string> Parts(string path)
    {
        if (PartName().Match(path) is not { Success: true } match)
        {
            return [path];
        }

        int number = int.Parse(match.Groups["no"].Value, CultureInfo.InvariantCulture), count = int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
        if (number != 1 || count is 0 or > MostParts)
        {
            throw new InvalidCheckpointException(path, $"this is part {number} of a split model; open part 1, {Path.GetFileName(Name(match, 1, count))}, which holds the metadata.");
        }

        List<string> parts = [.. Enumerable.Range(1, count).Select(i => Name(match, i, count))];
        return parts.Find(p => !File.Exists(p)) is { } missing
            ? throw new InvalidCheckpointException(path, $"the model is split into {count} files, but {Path.GetFileName(missing)} is missing. Download it into the same folder.")
            : parts;
    }

    /// <summary>Checks what one part says about itself.</summary>
    /// <exception cref="InvalidCheckpointException">The part is not the one its name says.</exception>
    public static void Check(ByteSource part, GgufMetadata metadata, int index, int count)
    {
        long claimedCount = metadata.Integer("split.count") ?? (count == 1 ? 1 : 0), claimedIndex = metadata.Integer("split.no") ?? 0;
        if (claimedCount is 0 && count == 1)
        {
            claimedCount = 1;
        }

        if (claimedCount != count || claimedIndex != index)
        {
            throw part.Invalid($"the file says it is part {claimedIndex + 1} of {claimedCount}, but it was opened as part {index + 1} of {count}. " +
                "A split model is opened by its part 1, NAME-00001-of-0000N.gguf, with all parts in one folder.");
        }
    }

    /// <summary>Checks the number of tensors over all parts, where part 1 gives it.</summary>
    /// <exception cref="InvalidCheckpointException">The parts hold another number of tensors.</exception>
    public static void CheckTotal(ByteSource first, GgufMetadata metadata, int tensors)
    {
        if (metadata.Integer("split.tensors.count") is { } claimed && claimed != tensors)
        {
            throw first.Invalid($"split.tensors.count is {claimed}, but the parts hold {tensors} tensors together. The parts do not belong together.");
        }
    }

    private static string Name(Match match, int number, int count) => $"{match.Groups["stem"].Value}-{number:D5}-of-{count:D5}.gguf";

    [GeneratedRegex(@"\A(?<stem>.*)-(?<no>[0-9]{5})-of-(?<count>[0-9]{5})\.gguf\z", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex PartName();
}
