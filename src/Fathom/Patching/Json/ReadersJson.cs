using System.Text.Json.Nodes;
using Fathom.Tensors;

namespace Fathom.Patching.Json;

/// <summary>Readers as a JSON object.</summary>
internal static class ReadersJson
{
    public static JsonObject Write(Readers readers)
    {
        JsonObject json = new()
        {
            ["kind"] = JsonPart.Snake(readers.Kind.ToString()),
            ["over"] = new JsonArray([.. readers.Over.Select(a => JsonValue.Create(a.Name))]),
        };
        foreach (var (key, subset) in new[] { ("layers", readers.Layers), ("heads", readers.Heads) })
        {
            if (subset is not null)
            {
                json[key] = ExperimentJson.Wholes(subset);
            }
        }

        if (readers.And.Count > 0)
        {
            json["and"] = new JsonArray([.. readers.And.Select(Write)]);
        }

        return json;
    }

    public static Readers Read(JsonPart json) => Read(json, 0);

    private static Readers Read(JsonPart json, int depth)
    {
        Readers readers = new()
        {
            Kind = json.Choice<ReaderKind>("kind"),
            Over = [.. json.Texts("over").Select(n => new Axis(n))],
            Layers = json.OptionalWholes("layers"),
            Heads = json.OptionalWholes("heads"),
            And = !json.Has("and") ? [] : depth == 0 ? [.. json.Parts("and").Select(p => Read(p, 1))] : throw new SweepFormatException("Readers that belong to every set have no further ones."),
        };
        json.End();
        return readers;
    }
}
