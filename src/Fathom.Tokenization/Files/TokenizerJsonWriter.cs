using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fathom.Tokenization.Files;

/// <summary>Writes <c>tokenizer.json</c>: what <see cref="TokenizerJson"/> reads back as the same tokenizer.</summary>
internal static class TokenizerJsonWriter
{
    /// <summary>Writes the parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="token">The token of an id.</param>
    /// <exception cref="TokenizationException">A token is no Unicode text, which the file cannot hold.</exception>
    public static byte[] Write(TokenizerParts parts, Func<int, string> token)
    {
        using MemoryStream bytes = new();
        try
        {
            using Utf8JsonWriter json = new(bytes, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            Member(json, "truncation", parts.Truncation is { } truncation ? () => Write(json, truncation) : null);
            Member(json, "padding", parts.Padding is { } padding ? () => Write(json, padding) : null);
            json.WriteMember("added_tokens", JsonBlock.List(parts.AddedTokens.OrderBy(t => t.Id), Write));
            Member(json, "normalizer", parts.Normalizer is { } normalizer ? () => normalizer.Write(json) : null);
            Member(json, "pre_tokenizer", parts.PreTokenizer is { } preTokenizer ? () => preTokenizer.Write(json) : null);
            Member(json, "post_processor", parts.PostProcessor is { } postProcessor ? () => postProcessor.Write(json, token) : null);
            Member(json, "decoder", parts.Decoder is { } decoder ? () => decoder.Write(json) : null);
            Member(json, "model", () => parts.Model.Write(json));
            json.WriteEndObject();
        }
        catch (ArgumentException error)
        {
            throw new TokenizationException("tokenizer.json", $"{parts.Source} has a token that is no Unicode text, which the file cannot hold: {error.Message}");
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void Member(Utf8JsonWriter json, string name, Action? write)
    {
        json.WritePropertyName(name);
        if (write is null)
        {
            json.WriteNullValue();
        }
        else
        {
            write();
        }
    }

    private static void Write(Utf8JsonWriter json, AddedToken token)
    {
        json.WriteStartObject();
        json.WriteNumber("id", token.Id);
        json.WriteString("content", token.Content);
        json.WriteBoolean("single_word", token.SingleWord);
        json.WriteBoolean("lstrip", token.StripLeft);
        json.WriteBoolean("rstrip", token.StripRight);
        json.WriteBoolean("normalized", token.Normalized);
        json.WriteBoolean("special", token.Special);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Truncation truncation)
    {
        json.WriteStartObject();
        json.WriteString("direction", truncation.Direction.ToString());
        json.WriteNumber("max_length", truncation.MaxLength);
        json.WriteString("strategy", truncation.Strategy.ToString());
        json.WriteNumber("stride", truncation.Stride);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Padding padding)
    {
        json.WriteStartObject();
        json.WritePropertyName("strategy");
        if (padding.Length is { } length)
        {
            json.WriteStartObject();
            json.WriteNumber("Fixed", length);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStringValue("BatchLongest");
        }

        json.WriteString("direction", padding.Direction.ToString());
        json.WriteMember("pad_to_multiple_of", padding.MultipleOf);
        json.WriteNumber("pad_id", padding.Id);
        json.WriteNumber("pad_type_id", padding.TypeId);
        json.WriteString("pad_token", padding.Token);
        json.WriteEndObject();
    }
}
