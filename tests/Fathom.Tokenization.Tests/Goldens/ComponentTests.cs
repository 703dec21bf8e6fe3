using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Tests.Goldens;

/// <summary>Each component by itself against the reference.</summary>
public sealed class ComponentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Normalizers_equal_the_reference(bool written) => Compare("normalizers", 17_000, part =>
    {
        var normalizer = NormalizerJson.Read(part);
        normalizer = written ? NormalizerJson.Read(Again(normalizer.Write)) : normalizer;
        return row =>
        {
            var text = TextPiece.Of(row[0].GetString());
            normalizer.Apply(text);
            return (row[1].GetString()!, text.ToString());
        };
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pre_tokenizers_equal_the_reference(bool written) => Compare("pretokenizers", 8_000, part =>
    {
        var preTokenizer = PreTokenizerJson.Read(part);
        preTokenizer = written ? PreTokenizerJson.Read(Again(preTokenizer.Write)) : preTokenizer;
        return row =>
        {
            var pieces = new List<TextPiece>();
            var text = TextPiece.Of(row[0].GetString());
            if (text.Length > 0)
            {
                preTokenizer.Split(text, pieces);
            }

            // The reference lists an empty piece where nothing at all was cut; the pipeline drops it.
            var expected = row[1].EnumerateArray().Where(piece => piece[0].GetString() != "").Select(piece => $"{piece[0].GetString()}[{piece[1][0]},{piece[1][1]})");
            var actual = pieces.Where(piece => piece.Length > 0).Select(piece => $"{piece}[{piece.Start(0)},{piece.End(piece.Length - 1)})");
            return (string.Join('|', expected), string.Join('|', actual));
        };
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decoders_equal_the_reference(bool written) => Compare("decoders", 1_300, part =>
    {
        var decoder = DecoderJson.Read(part);
        decoder = written ? DecoderJson.Read(Again(decoder.Write)) : decoder;
        return row =>
        {
            try
            {
                return (row[1].ValueKind == JsonValueKind.String ? row[1].GetString()! : "refused", string.Concat(decoder.Apply([.. row[0].EnumerateArray().Select(token => token.GetString()!)])));
            }
            catch (TokenizationException)
            {
                return (row[1].ValueKind == JsonValueKind.String ? row[1].GetString()! : "refused", "refused");
            }
        };
    });

    [Fact]
    public void Broken_utf8_becomes_the_same_replacement_characters()
    {
        foreach (var line in Lines("utf8-lossy"))
        {
            var bytes = line.GetProperty("bytes").GetString()!.Split(' ').Where(hex => hex.Length > 0).Select(hex => (int)Convert.FromHexString(hex)[0]);

            Assert.Equal(line.GetProperty("text").GetString(), TinyTokenizer.Create().Decode(bytes));
        }
    }

    private static void Compare(string kind, int atLeast, Func<JsonPart, Func<JsonElement, (string Expected, string Actual)>> create)
    {
        var cases = 0;
        foreach (var line in Lines(kind))
        {
            var config = line.GetProperty("config");
            var check = create(new JsonPart(kind, "$", config));
            foreach (var row in line.GetProperty("cases").EnumerateArray())
            {
                var (expected, actual) = check(row);
                Assert.True(expected == actual, $"{config} on {row[0]}: expected {JsonSerializer.Serialize(expected)}, got {JsonSerializer.Serialize(actual)}");
                cases++;
            }
        }

        Assert.True(cases > atLeast, $"only {cases} cases");
    }

    private static IEnumerable<JsonElement> Lines(string kind) =>
        System.Text.Encoding.UTF8.GetString(Archive.Files("components")[$"components/{kind}.jsonl"])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);

    /// <summary>What was written, to be read again.</summary>
    private static JsonPart Again(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            write(json);
        }

        using var document = JsonDocument.Parse(bytes.ToArray());
        return new("written", "$", document.RootElement.Clone());
    }
}
