using System.Text.Json;
using Fathom.Tokenization.PostProcessors;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>post_processor</c> block.</summary>
internal static class PostProcessorJson
{
    /// <summary>Reads one component.</summary>
    public static PostProcessor Read(JsonPart part)
    {
        PostProcessor result = part.Type switch
        {
            "Sequence" => new SequencePostProcessor([.. part.Parts("processors").Select(Read)]),
            "ByteLevel" => ReadByteLevel(part),
            "BertProcessing" => new BertPostProcessor(Token(part, "cls"), Token(part, "sep")),
            "RobertaProcessing" => new RobertaPostProcessor(Token(part, "cls"), Token(part, "sep"), part.Flag("trim_offsets"), part.Flag("add_prefix_space")),
            "TemplateProcessing" => ReadTemplate(part),
            var type => throw part.Error($"the post-processor \"{type}\" is not known; known: BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing."),
        };
        part.Finish();
        return result;
    }

    private static ByteLevelPostProcessor ReadByteLevel(JsonPart part)
    {
        part.Flag("use_regex", ifAbsent: true); // Only the pre-tokenizer of that name acts on it.
        return new ByteLevelPostProcessor(part.Flag("add_prefix_space"), part.Flag("trim_offsets"));
    }

    // ["[SEP]", 102]
    private static int Token(JsonPart part, string key)
    {
        var pair = part.Get(key);
        return pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.String
            && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out var id) && id >= 0
            ? id
            : throw part.Error($"\"{key}\" must be a token and its id, found {JsonPart.Describe(pair)}.");
    }

    private static TemplatePostProcessor ReadTemplate(JsonPart part)
    {
        var tokens = new Dictionary<string, int[]>();
        var table = part.Part("special_tokens");
        foreach (var name in table.Keys)
        {
            var token = table.Part(name);
            if (token.Text("id") != name)
            {
                throw token.Error($"\"id\" must repeat the name \"{name}\".");
            }

            tokens[name] = Ids(token);
            if (token.Get("tokens").ValueKind != JsonValueKind.Array || token.Get("tokens").GetArrayLength() != tokens[name].Length
                || token.Get("tokens").EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String))
            {
                throw token.Error("\"ids\" and \"tokens\" must be lists of one length.");
            }

            token.Finish();
        }

        var single = ReadTemplate(part, "single", tokens);
        var pair = ReadTemplate(part, "pair", tokens);
        if (single.Count(item => item.Sequence >= 0) != 1 || single.Any(item => item.Sequence == 1))
        {
            throw part.Error("\"single\" must hold the text A once and B never.");
        }

        return pair.Any(item => item.Sequence == 0) && pair.Any(item => item.Sequence == 1)
            ? new TemplatePostProcessor(single, pair)
            : throw part.Error("\"pair\" must hold both texts, A and B.");
    }

    private static List<TemplatePart> ReadTemplate(JsonPart part, string key, Dictionary<string, int[]> tokens)
    {
        List<TemplatePart> template = [];
        foreach (var item in part.Parts(key))
        {
            if (item.PartOrNull("Sequence") is { } sequence)
            {
                template.Add(new TemplatePart(sequence.Choice("id", ("A", 0), ("B", 1)), [], sequence.Count("type_id")));
                sequence.Finish();
            }
            else
            {
                var special = item.Part("SpecialToken");
                var name = special.Text("id");
                template.Add(tokens.TryGetValue(name, out var ids)
                    ? new TemplatePart(-1, ids, special.Count("type_id"))
                    : throw special.Error($"\"special_tokens\" does not name \"{name}\"."));
                special.Finish();
            }

            item.Finish();
        }

        return template;
    }

    private static int[] Ids(JsonPart token)
    {
        var list = token.Get("ids");
        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var value) && value >= 0)
            ? [.. list.EnumerateArray().Select(id => id.GetInt32())]
            : throw token.Error($"\"ids\" must be a list of ids, found {JsonPart.Describe(list)}.");
    }

    /// <summary>What writes a token with its id, <c>["[SEP]", 102]</c>.</summary>
    public static Action<Utf8JsonWriter> Token(int id, Func<int, string> token) => json =>
    {
        json.WriteStartArray();
        json.WriteStringValue(token(id));
        json.WriteNumberValue(id);
        json.WriteEndArray();
    };

    /// <summary>Writes a template and the table of its special tokens.</summary>
    public static void Write(Utf8JsonWriter json, TemplatePostProcessor template, Func<int, string> token)
    {
        string Name(TemplatePart part) => string.Concat(part.Ids.Select(token));
        var special = template.Single.Concat(template.Pair).Where(p => p.Sequence < 0).DistinctBy(Name);
        json.WriteBlock(
            "TemplateProcessing",
            ("single", JsonBlock.List(template.Single, (j, p) => WritePart(j, p, Name))),
            ("pair", JsonBlock.List(template.Pair, (j, p) => WritePart(j, p, Name))),
            ("special_tokens", (Action<Utf8JsonWriter>)(j =>
            {
                j.WriteStartObject();
                foreach (var part in special)
                {
                    j.WriteStartObject(Name(part));
                    j.WriteString("id", Name(part));
                    j.WriteMember("ids", JsonBlock.List(part.Ids, (k, id) => k.WriteNumberValue(id)));
                    j.WriteMember("tokens", JsonBlock.List(part.Ids, (k, id) => k.WriteStringValue(token(id))));
                    j.WriteEndObject();
                }

                j.WriteEndObject();
            })));
    }

    private static void WritePart(Utf8JsonWriter json, TemplatePart part, Func<TemplatePart, string> name)
    {
        json.WriteStartObject();
        json.WriteStartObject(part.Sequence < 0 ? "SpecialToken" : "Sequence");
        json.WriteString("id", part.Sequence switch { 0 => "A", 1 => "B", _ => name(part) });
        json.WriteNumber("type_id", part.Type);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
