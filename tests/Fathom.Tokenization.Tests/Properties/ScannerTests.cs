using CsCheck;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.PreTokenizers;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Tests.Properties;

/// <summary>Hand-written scanners against the general pattern engine.</summary>
public sealed class ScannerTests
{
    [Fact]
    public void Gpt2_equals_its_pattern() => Compare<Gpt2Scanner>(new SplitPreTokenizer(new Pattern(Gpt2Scanner.Pattern), SplitBehavior.Isolated, invert: false));

    [Fact]
    public void Llama3_equals_its_pattern() => Compare<Llama3Scanner>(new SplitPreTokenizer(new Pattern(Llama3Scanner.Pattern), SplitBehavior.Isolated, invert: false));

    [Fact]
    public void Qwen2_equals_its_pattern() => Compare<Qwen2Scanner>(new SplitPreTokenizer(new Pattern(Qwen2Scanner.Pattern), SplitBehavior.Isolated, invert: false));

    [Fact]
    public void Gpt4o_equals_its_pattern() => Compare<CasedScanner>(new SplitPreTokenizer(new Pattern(CasedScanner.Pattern), SplitBehavior.Isolated, invert: false));

    [Fact]
    public void Digits_before_gpt2_equals_both_steps() => Compare<DigitsGpt2Scanner>(new SequencePreTokenizer(
        [new DigitsPreTokenizer(individual: true), new SplitPreTokenizer(new Pattern(Gpt2Scanner.Pattern), SplitBehavior.Isolated, invert: false)]));

    [Fact]
    public void Every_scalar_is_in_the_same_class_for_scanner_and_pattern()
    {
        var general = new SplitPreTokenizer(new Pattern(Llama3Scanner.Pattern), SplitBehavior.Isolated, invert: false);
        for (var scalar = 0; scalar < 0x110000; scalar += scalar < 0x3000 ? 1 : 61)
        {
            if (scalar is < 0xD800 or > 0xDFFF)
            {
                var text = "a" + char.ConvertFromUtf32(scalar) + "1 " + char.ConvertFromUtf32(scalar) + "!";
                Assert.Equal(General(general, text), Scan<Llama3Scanner>(text));
            }
        }
    }

    private static void Compare<TScanner>(PreTokenizer general)
        where TScanner : struct, IPieceScanner =>
        Texts.Any.Sample(text => General(general, text) == Scan<TScanner>(text), iter: Texts.Count(inCi: 100_000));

    private static string Scan<TScanner>(string text)
        where TScanner : struct, IPieceScanner
    {
        List<string> pieces = [];
        for (var start = 0; start < text.Length;)
        {
            var end = TScanner.Next(text, start);
            pieces.Add(text[start..end]);
            start = end;
        }

        return string.Join('|', pieces);
    }

    private static string General(PreTokenizer general, string text)
    {
        List<TextPiece> pieces = [];
        if (text.Length > 0)
        {
            general.Split(TextPiece.Of(text), pieces);
        }

        return string.Join('|', pieces);
    }
}
