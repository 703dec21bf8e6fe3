using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fathom.Patching.Json;

/// <summary>An experiment as JSON.</summary>
internal static class ExperimentJson
{
    private const string Schema = "fathom.experiment/1";
    private static readonly JsonSerializerOptions Style = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Write(Sweep sweep)
    {
        JsonObject json = new()
        {
            ["schema"] = Schema,
            ["from"] = Write(sweep.From),
            ["into"] = Write(sweep.Into),
        };
        switch (sweep)
        {
            case PatchingSweep patching:
                PlacesJson.Write(json, patching.Places);
                break;
            case PathSweep path:
                json["kind"] = "path";
                json["senders"] = PlacesJson.Write([], path.Senders);
                json["readers"] = ReadersJson.Write(path.Readers);
                json["norm"] = JsonPart.Snake(path.Norm.ToString());
                break;
            case PairSweep pair:
                json["kind"] = "pair";
                json["first"] = PlacesJson.Write([], pair.First);
                json["second"] = PlacesJson.Write([], pair.Second);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(sweep), sweep, $"No JSON for {sweep.GetType().Name}.");
        }

        json["metric"] = Write(sweep.Metric);
        json["direction"] = JsonPart.Snake(sweep.Direction.ToString());
        json["replacement"] = Write(sweep.Replacement);
        if (sweep.MoreMetrics.Count > 0)
        {
            json["more_metrics"] = new JsonArray([.. sweep.MoreMetrics.Select(Write)]);
        }

        if (sweep.PrependBos is { } bos)
        {
            json["prepend_bos"] = bos;
        }

        return json;
    }

    /// <summary>Reads an experiment of one kind.</summary>
    public static T Read<T>(JsonPart json)
        where T : Sweep => Read(json) as T ?? throw new SweepFormatException($"The document holds another kind of experiment than a {typeof(T).Name}.");

    public static Sweep Read(JsonPart json)
    {
        json.Schema(Schema);
        var (from, into, metric) = (ReadPrompts(json, "from"), ReadPrompts(json, "into"), ReadMetric(json.Part("metric")));
        var kind = json.OptionalText("kind");
        Sweep sweep = kind switch
        {
            null => PlacesJson.Read(json) is var p ? new PatchingSweep { From = from, Into = into, Metric = metric, Site = p.Site, Over = p.Over, Layers = p.Layers, Positions = p.Positions, Heads = p.Heads, Sources = p.Sources, Neurons = p.Neurons } : null!,
            "path" => new PathSweep
            {
                From = from,
                Into = into,
                Metric = metric,
                Senders = Ended(json.Part("senders"), PlacesJson.Read),
                Readers = ReadersJson.Read(json.Part("readers")),
                Norm = json.Choice<ReaderNorm>("norm"),
            },
            "pair" => new PairSweep
            {
                From = from,
                Into = into,
                Metric = metric,
                First = Ended(json.Part("first"), PlacesJson.Read),
                Second = Ended(json.Part("second"), PlacesJson.Read),
            },
            _ => throw new SweepFormatException($"There is no kind of experiment called '{kind}'; there are 'path' and 'pair', and none for a patching sweep."),
        };
        sweep = sweep with
        {
            MoreMetrics = json.Has("more_metrics") ? [.. json.Parts("more_metrics").Select(ReadMetric)] : [],
            Direction = json.Choice<Direction>("direction"),
            Replacement = ReadReplacement(json.Part("replacement")),
            PrependBos = json.OptionalFlag("prepend_bos"),
        };
        json.End();
        return sweep;
    }

    public static string Text(JsonNode json) => json.ToJsonString(Style);

    public static JsonArray Wholes(IEnumerable<int> values) => new([.. values.Select(v => JsonValue.Create(v))]);

    public static JsonObject Write(Metric metric)
    {
        JsonObject json = new() { ["kind"] = JsonPart.Snake(metric.Kind.ToString()), ["name"] = metric.Name, ["unit"] = metric.Unit };
        if (metric.IsNormalised)
        {
            json["normalised"] = true;
        }

        foreach (var (key, choices) in new[] { ("answers", metric.Answers), ("distractors", metric.Distractors) })
        {
            if (choices.Count > 0)
            {
                json[key] = new JsonArray([.. choices.Select(c => c.Text is { } text ? JsonValue.Create(text) : JsonValue.Create(c.Id!.Value))]);
            }
        }

        return json;
    }

    public static Metric ReadMetric(JsonPart json)
    {
        IReadOnlyList<TokenChoice> Choices(string key) => json.Has(key)
            ? [.. json.List(key).Select(e => e.ValueKind == JsonValueKind.String ? (TokenChoice)e.GetString()! : e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var id) ? id : throw new SweepFormatException($"'{key}' holds texts or token ids; found {e.GetRawText()}."))]
            : [];
        var metric = Metric.Restore(json.Choice<MetricKind>("kind"), json.Text("name"), json.Text("unit"), json.OptionalFlag("normalised") ?? false, Choices("answers"), Choices("distractors"));
        json.End();
        return metric;
    }

    private static T Ended<T>(JsonPart part, Func<JsonPart, T> read)
    {
        var value = read(part);
        part.End();
        return value;
    }

    private static JsonArray Write(Prompts prompts) => new([.. prompts.Select(p => p.Text is { } text ? (JsonNode)JsonValue.Create(text) : Wholes(p.Ids!))]);

    private static Prompts ReadPrompts(JsonPart json, string key) => new(json.List(key).Select(e => e.ValueKind switch
    {
        JsonValueKind.String => new Prompt(e.GetString()!),
        JsonValueKind.Array => new Prompt([.. e.EnumerateArray().Select(i => i.ValueKind == JsonValueKind.Number && i.TryGetInt32(out var id) ? id : throw new SweepFormatException($"A prompt of '{key}' is a list of token ids; found {i.GetRawText()}."))]),
        _ => throw new SweepFormatException($"'{key}' holds texts or lists of token ids; found {e.ValueKind}."),
    }));

    private static JsonObject Write(Replacement replacement) => replacement switch
    {
        MeanReplacement mean => new() { ["kind"] = "mean", ["over"] = Write(mean.Over) },
        ResampleReplacement resample => new() { ["kind"] = "resample", ["seed"] = resample.Seed },
        ExchangeReplacement exchange => new() { ["kind"] = exchange.Name, ["first"] = exchange.First, ["second"] = exchange.Second },
        ZeroReplacement => new() { ["kind"] = "zero" },
        _ => new() { ["kind"] = "run" },
    };

    private static Replacement ReadReplacement(JsonPart json)
    {
        var replacement = json.Text("kind") switch
        {
            "run" => Replacement.Run,
            "zero" => Replacement.Zero,
            "mean" => Replacement.Mean(ReadPrompts(json, "over")),
            "resample" => Replacement.Resample((int)json.Whole("seed")),
            "exchange" or "live_exchange" => Replacement.Exchange((int)json.Whole("first"), (int)json.Whole("second"), json.Text("kind") == "live_exchange"),
            var other => throw new SweepFormatException($"The replacement '{other}' does not exist; there are run, zero, mean, resample, exchange and live_exchange."),
        };
        json.End();
        return replacement;
    }
}
