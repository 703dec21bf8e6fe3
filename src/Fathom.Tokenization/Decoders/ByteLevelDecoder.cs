using System.Buffers;
using System.Text.Json;
using System.Text;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Decoders;

/// <summary>Joins byte characters into bytes and reads them as UTF-8; what is no UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : Decoder
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("ByteLevel", ("add_prefix_space", true), ("trim_offsets", true), ("use_regex", true));

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
        {
            Write(token, bytes);
        }

        return [System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan)];
    }

    // A token with one character that stands for no byte goes out as it is.
    private static void Write(string token, ArrayBufferWriter<byte> bytes)
    {
        var span = bytes.GetSpan((token.Length * 3) + 1);
        for (var i = 0; i < token.Length; i++)
        {
            var value = ByteAlphabet.ToByte(token[i]);
            if (value < 0)
            {
                bytes.Advance(System.Text.Encoding.UTF8.GetBytes(token, span));
                return;
            }

            span[i] = (byte)value;
        }

        bytes.Advance(token.Length);
    }
}
