using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fathom.Plots.Json;

/// <summary>What a document leaves out is as in a figure made in code. The generated reader knows no initial values of properties and would leave them null.</summary>
internal static class FigureDefaults
{
    private static readonly string[] Required = ["values", "series", "panels", "tokens", "patterns"];

    private static readonly Dictionary<string, JsonObject> OfKind = new Figure[]
    {
        new HeatMap { Values = new double[1, 1] },
        new LineChart { Series = [] },
        new BarChart { Series = [] },
        new ScatterPlot { Series = [] },
        new Histogram { Values = [] },
        new ColoredTokens { Tokens = [], Values = new double[1, 1] },
        new AttentionPatterns { Tokens = ["a"], Patterns = [new double[1, 1]] },
        new SmallMultiples { Panels = [] },
    }.ToDictionary(figure => figure.Kind, figure => JsonSerializer.SerializeToNode(figure, FigureJsonContext.Default.Figure)!.AsObject());

    private static readonly JsonObject OfSeries = JsonSerializer.SerializeToNode(new Series("", []), FigureJsonContext.Default.Series)!.AsObject();

    /// <summary>Adds the keys that are not there; wrong ones are left for the reader to refuse.</summary>
    public static void Complete(JsonObject figure)
    {
        if (figure["kind"] is not JsonValue value || !value.TryGetValue<string>(out var kind) || !OfKind.TryGetValue(kind, out var defaults))
        {
            return;
        }

        Add(figure, defaults, Required);
        foreach (var series in Objects(figure["series"]))
        {
            Add(series, OfSeries, ["y"]);
        }

        foreach (var panel in Objects(figure["panels"]))
        {
            Complete(panel);
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];

    private static void Add(JsonObject to, JsonObject defaults, string[] except)
    {
        foreach (var (key, value) in defaults)
        {
            if (!to.ContainsKey(key) && !except.Contains(key))
            {
                to.Add(key, value?.DeepClone());
            }
        }
    }
}
