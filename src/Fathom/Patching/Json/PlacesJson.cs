using System.Text.Json.Nodes;
using Fathom.Tensors;

namespace Fathom.Patching.Json;

/// <summary>Places as members of a JSON object.</summary>
internal static class PlacesJson
{
    public static JsonObject Write(JsonObject json, Places places)
    {
        json["site"] = places.Site.Name;
        json["over"] = new JsonArray([.. places.Over.Select(a => JsonValue.Create(a.Name))]);
        foreach (var (key, subset) in new[] { ("layers", places.Layers), ("positions", places.Positions), ("heads", places.Heads), ("sources", places.Sources), ("neurons", places.Neurons) })
        {
            if (subset is not null)
            {
                json[key] = ExperimentJson.Wholes(subset);
            }
        }

        return json;
    }

    public static Places Read(JsonPart json) => new()
    {
        Site = Site.Named(json.Text("site")),
        Over = [.. json.Texts("over").Select(n => new Axis(n))],
        Layers = json.OptionalWholes("layers"),
        Positions = json.OptionalWholes("positions"),
        Heads = json.OptionalWholes("heads"),
        Sources = json.OptionalWholes("sources"),
        Neurons = json.OptionalWholes("neurons"),
    };
}
