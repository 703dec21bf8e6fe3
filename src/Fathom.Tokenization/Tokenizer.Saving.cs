using System.Text.Encodings.Web;
using System.Text.Json;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization;

public sealed partial class Tokenizer
{
    /// <summary>Writes the tokenizer, whatever file it came from, as a <c>tokenizer.json</c> that Hugging Face's tools and <see cref="FromJson"/> read as the same tokenizer.</summary>
    /// <returns>UTF-8.</returns>
    /// <exception cref="TokenizationException">A token is no Unicode text, which the file cannot hold.</exception>
    public byte[] ToJson() => TokenizerJsonWriter.Write(_parts, id => IdToToken(id) ?? throw new TokenizationException("tokenizer.json", $"{_parts.Source} puts the id {id} around texts, and no token has it."));

    /// <summary>Writes the <c>tokenizer_config.json</c> that belongs beside it: special tokens by their names, the longest text, chat templates.</summary>
    /// <returns>UTF-8.</returns>
    public byte[] ConfigToJson()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
            json.WriteBoolean("clean_up_tokenization_spaces", false);
            foreach (var (name, token) in SpecialTokens.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, token);
            }

            if (ModelMaxLength is { } length)
            {
                json.WriteNumber("model_max_length", length);
            }

            if (ChatTemplates is { Count: 1 } && ChatTemplate is { } template)
            {
                json.WriteString("chat_template", template);
            }
            else if (ChatTemplates.Count > 0)
            {
                json.WriteMember("chat_template", JsonBlock.List(ChatTemplates.OrderBy(t => t.Key, StringComparer.Ordinal), (j, t) =>
                {
                    j.WriteStartObject();
                    j.WriteString("name", t.Key);
                    j.WriteString("template", t.Value);
                    j.WriteEndObject();
                }));
            }

            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }
}
