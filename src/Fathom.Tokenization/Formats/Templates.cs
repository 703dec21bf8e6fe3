using Fathom.Tokenization.PostProcessors;

namespace Fathom.Tokenization.Formats;

/// <summary>The usual templates of special tokens.</summary>
internal static class Templates
{
    /// <summary>One token before and one after each text; either may be missing.</summary>
    /// <param name="bos">The id before a text, or null.</param>
    /// <param name="eos">The id after a text, or null.</param>
    /// <param name="secondType">The type id of a second text.</param>
    public static TemplatePostProcessor Surround(int? bos, int? eos, int secondType = 1) =>
        new(Around(bos, eos, 0, 0), [.. Around(bos, eos, 0, 0), .. Around(bos, eos, 1, secondType)]);

    private static List<TemplatePart> Around(int? bos, int? eos, int sequence, int type)
    {
        List<TemplatePart> parts = [];
        if (bos is { } first)
        {
            parts.Add(new TemplatePart(-1, [first], type));
        }
        parts.Add(new TemplatePart(sequence, [], type));
        if (eos is { } last)
        {
            parts.Add(new TemplatePart(-1, [last], type));
        }
        return parts;
    }
}
