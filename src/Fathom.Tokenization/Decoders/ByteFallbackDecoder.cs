using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Decoders;

/// <summary>Turns runs of <c>&lt;0xNN&gt;</c> tokens into text; a run that is no UTF-8 as a whole becomes one U+FFFD per byte.</summary>
internal sealed class ByteFallbackDecoder : Decoder
{
    private static readonly System.Text.UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("ByteFallback");

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens)
    {
        List<string> result = [];
        List<byte> run = [];
        foreach (var token in tokens)
        {
            var value = ByteTokens.ByteOf(token);
            if (value >= 0)
            {
                run.Add((byte)value);
                continue;
            }

            Flush(run, result);
            result.Add(token);
        }

        Flush(run, result);
        return result;
    }

    private static void Flush(List<byte> run, List<string> result)
    {
        if (run.Count == 0)
        {
            return;
        }

        byte[] bytes = [.. run];
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            result.Add(Strict.GetString(bytes));
        }
        else
        {
            result.AddRange(Enumerable.Repeat("\uFFFD", bytes.Length));
        }

        run.Clear();
    }
}
