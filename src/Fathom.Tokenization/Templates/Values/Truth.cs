using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Truth as in Python: nothing, zero and emptiness are false.</summary>
internal static class Truth
{
    /// <summary>Whether a value counts as true.</summary>
    public static bool Of(Rendering run, object? value)
    {
        run.Step();
        return value switch
        {
            null or Undefined => false,
            bool flag => flag,
            BigInteger number => !number.IsZero,
            double number => number != 0,
            string text => text.Length > 0,
            Markup markup => markup.Content.Length > 0,
            SequenceValue sequence => sequence.Items.Length > 0,
            MappingValue mapping => mapping.Items.Count > 0,
            RangeValue range => !range.Length.IsZero,
            DictView view => view.Items.Length > 0,
            _ => true,
        };
    }
}
