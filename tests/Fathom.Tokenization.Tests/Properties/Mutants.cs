using System.Text.Json;
using System.Text.Json.Nodes;
using Fathom.Tokenization.Tests.Goldens;

namespace Fathom.Tokenization.Tests.Properties;

/// <summary>Damaged and strange tokenizer files, the same ones for the same index on every machine.</summary>
internal static class Mutants
{
    private static readonly string[] Seeds = [.. Archive.Trained.Select(Shrink)];

    /// <summary>The file with an index, UTF-8 for the most part.</summary>
    public static byte[] Make(int index)
    {
        Random random = new(index);
        return Mutate(Seeds[index % Seeds.Length], Seeds[random.Next(Seeds.Length)], random);
    }

    // The pipeline of a trained tokenizer with few tokens and a character map left out, so that 100,000 are read in a minute.
    public static string Shrink(string name)
    {
        var root = JsonNode.Parse(Archive.Json(name))!;
        var model = root["model"]!;
        if (model["vocab"] is JsonObject vocab)
        {
            var kept = vocab.Where(item => item.Key.Length <= 2 || item.Key[0] is '<' or '[').ToDictionary(item => item.Key, item => item.Value!.DeepClone());
            model["vocab"] = new JsonObject(kept.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)));
            if (model["merges"] is JsonArray merges)
            {
                string[] Pair(JsonNode node) => node is JsonArray pair ? [.. pair.Select(part => part!.GetValue<string>())] : node.GetValue<string>().Split(' ');
                model["merges"] = new JsonArray([.. merges.Where(merge => Pair(merge!) is [var a, var b] && kept.ContainsKey(a) && kept.ContainsKey(b) && kept.ContainsKey(a + b)).Take(12).Select(merge => merge!.DeepClone())]);
            }
        }
        else if (model["vocab"] is JsonArray list)
        {
            model["vocab"] = new JsonArray([.. list.Take(80).Select(item => item!.DeepClone())]);
        }

        root["added_tokens"] = new JsonArray([.. root["added_tokens"]!.AsArray().Where(token => token!["id"]!.GetValue<int>() < 10).Select(token => token!.DeepClone())]);
        if (root["normalizer"] is JsonObject { } normalizer && normalizer.ToJsonString().Contains("charsmap", StringComparison.Ordinal))
        {
            root["normalizer"] = JsonNode.Parse("""{"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"x"},{"type":"NFKC"},{"type":"Precompiled","precompiled_charsmap":"BAAAAAAEAAAA"}]}""");
        }

        return root.ToJsonString();
    }

    private static byte[] Mutate(string seed, string donor, Random random)
    {
        var kind = random.Next(4);
        var bytes = System.Text.Encoding.UTF8.GetBytes(kind switch { 0 => seed, 1 => Restructure(seed, random), _ => Graft(seed, donor, random) });
        for (var change = kind == 0 ? random.Next(1, 4) : 0; change > 0 && bytes.Length > 2; change--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes = bytes[..at];
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[(at + 1)..]];
                    break;
                case 3:
                    bytes = [.. bytes[..at], (byte)"\"{}[],:0-\\ue"[random.Next(12)], .. bytes[at..]];
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return bytes;
    }

    // Components of one file in another, and switches turned.
    private static string Graft(string seed, string donor, Random random)
    {
        var (root, other) = (JsonNode.Parse(seed)!, JsonNode.Parse(donor)!);
        string[] keys = ["normalizer", "pre_tokenizer", "post_processor", "decoder", "truncation", "padding"];
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var key = keys[random.Next(keys.Length)];
            root[key] = other[key]?.DeepClone();
        }

        List<(JsonNode Parent, string? Key, int Index)> places = [];
        Collect(root, places, random);
        foreach (var (parent, key, _) in places)
        {
            if (parent is JsonObject item && item[key!]?.GetValueKind() is JsonValueKind.True or JsonValueKind.False && random.Next(4) == 0)
            {
                item[key!] = item[key!]!.GetValueKind() == JsonValueKind.False;
            }
        }

        return root.ToJsonString();
    }

    private static string Restructure(string seed, Random random)
    {
        var root = JsonNode.Parse(seed)!;
        List<(JsonNode Parent, string? Key, int Index)> places = [];
        Collect(root, places, random);
        for (var change = random.Next(1, 3); change > 0; change--)
        {
            var (parent, key, index) = places[random.Next(places.Count)];
            if (parent is JsonObject item)
            {
                switch (random.Next(4))
                {
                    case 0:
                        item.Remove(key!);
                        break;
                    case 1:
                        item[key + "x"] = Strange(random);
                        break;
                    default:
                        item[key!] = Strange(random);
                        break;
                }
            }
            else if (parent is JsonArray list && index < list.Count)
            {
                list[index] = Strange(random);
            }
        }

        return root.ToJsonString();
    }

    // Components weigh as much as the tables, or nearly every change would hit a token.
    private static void Collect(JsonNode node, List<(JsonNode, string?, int)> places, Random random)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (var (key, value) in item)
                {
                    if (item.Count < 40 || random.Next(40) == 0)
                    {
                        places.Add((item, key, -1));
                    }

                    if (value is not null)
                    {
                        Collect(value, places, random);
                    }
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list.Count < 20 || random.Next(20) == 0)
                    {
                        places.Add((list, null, i));
                    }

                    if (list[i] is { } inner)
                    {
                        Collect(inner, places, random);
                    }
                }

                break;
        }
    }

    private static JsonNode? Strange(Random random) => random.Next(14) switch
    {
        0 => null,
        1 => -1,
        2 => int.MaxValue,
        3 => 1e99,
        4 => "",
        5 => new string('(', random.Next(1, 200)),
        6 => new JsonArray(),
        7 => new JsonObject(),
        8 => true,
        9 => random.Next(300),
        10 => "(a*)*b{1,999}",
        11 => JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"""),
        12 => JsonNode.Parse("""{"type":"Replace","pattern":{"Regex":"(?=(\\d{3})+(?!\\d))|(x|)*"},"content":"\u2581\u2581"}"""),
        _ => "\u2581" + (char)random.Next(0x20, 0x3000),
    };
}
