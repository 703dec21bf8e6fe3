using System.Text.Json.Nodes;

namespace Fathom.Patching.Json;

/// <summary>A result as JSON.</summary>
internal static class ResultJson
{
    private const string Schema = "fathom.sweep/1";

    public static string Write(SweepResult result)
    {
        JsonObject json = new()
        {
            ["schema"] = Schema,
            ["tool_version"] = result.Provenance.Version,
            ["experiment"] = ExperimentJson.Write(result.Sweep),
            ["axes"] = new JsonArray([.. result.Axes.Select(a => new JsonObject { ["name"] = a.Name, ["labels"] = Texts(a.Labels), ["indices"] = ExperimentJson.Wholes(a.Indices) })]),
            ["metrics"] = new JsonArray([.. result.Metrics.Select(m => new JsonObject
            {
                ["metric"] = ExperimentJson.Write(m.Metric),
                ["clean"] = Numbers(m.Clean),
                ["corrupted"] = Numbers(m.Corrupted),
                ["baseline"] = Numbers(m.Baseline),
                ["values"] = Numbers(m.Mean),
                ["examples"] = new JsonArray([.. m.Examples.Select(Numbers)]),
            })]),
            ["examples"] = new JsonArray([.. result.Examples.Select(e => new JsonObject
            {
                ["from_ids"] = ExperimentJson.Wholes(e.FromIds),
                ["into_ids"] = ExperimentJson.Wholes(e.IntoIds),
                ["from_tokens"] = Texts(e.FromTokens),
                ["into_tokens"] = Texts(e.IntoTokens),
            })]),
            ["work"] = Write(result.Work),
            ["checks"] = Write(result.Checks),
            ["provenance"] = Write(result.Provenance),
        };
        return ExperimentJson.Text(json);
    }

    public static SweepResult Read(JsonPart json)
    {
        json.Schema(Schema);
        json.Ignore("tool_version");
        SweepResult result = new()
        {
            Sweep = ExperimentJson.Read(json.Part("experiment")),
            Axes = [.. json.Parts("axes").Select(a => Ended(a, new SweepAxis(a.Text("name"), a.Texts("labels"), a.Wholes("indices"))))],
            Metrics = [.. json.Parts("metrics").Select(m =>
            {
                m.Ignore("values");
                return Ended(m, new MetricValues(ExperimentJson.ReadMetric(m.Part("metric")), m.Numbers("clean"), m.Numbers("corrupted"), m.Numbers("baseline"), m.Table("examples")));
            })],
            Examples = [.. json.Parts("examples").Select(e => Ended(e, new SweepExample(e.Wholes("from_ids"), e.Wholes("into_ids"), e.Texts("from_tokens"), e.Texts("into_tokens"))))],
            Work = ReadWork(json.Part("work")),
            Checks = ReadChecks(json.Part("checks")),
            Provenance = ReadProvenance(json.Part("provenance")),
        };
        json.End();
        var cells = result.Axes.Aggregate(1L, (n, a) => n * a.Count);
        return result.Metrics.Count > 0 && result.Metrics.All(m => m.Examples.All(e => e.Count == cells))
            ? result
            : throw new SweepFormatException($"The axes have {cells} cells ({string.Join(" x ", result.Shape)}); each example of each metric must have as many values.");
    }

    private static T Ended<T>(JsonPart part, T value)
    {
        part.End();
        return value;
    }

    private static JsonObject Write(SweepWork w) => new()
    {
        ["cells"] = w.Cells, ["skipped"] = w.Skipped, ["attention_rows"] = w.AttentionRows, ["mlp_rows"] = w.MlpRows,
        ["planned_attention_rows"] = w.PlannedAttentionRows, ["planned_mlp_rows"] = w.PlannedMlpRows, ["loop_rows"] = w.LoopRows, ["groups"] = w.Groups,
    };

    private static SweepWork ReadWork(JsonPart w) => Ended(w, new SweepWork(w.Whole("cells"), w.Whole("skipped"), w.Whole("attention_rows"), w.Whole("mlp_rows"),
        w.Whole("planned_attention_rows"), w.Whole("planned_mlp_rows"), w.Whole("loop_rows"), (int)w.Whole("groups")));

    private static JsonObject Write(SweepChecks c) => new()
    {
        ["noise_floor"] = Number(c.NoiseFloor), ["noise_cells"] = c.NoiseCells, ["checked_cells"] = c.CheckedCells, ["max_difference"] = Number(c.MaxDifference), ["tolerance"] = c.Tolerance,
    };

    private static SweepChecks ReadChecks(JsonPart c) => Ended(c, new SweepChecks
    {
        NoiseFloor = c.OptionalNumber("noise_floor"), NoiseCells = (int)c.Whole("noise_cells"), CheckedCells = (int)c.Whole("checked_cells"), MaxDifference = c.OptionalNumber("max_difference"), Tolerance = c.OptionalNumber("tolerance") ?? 0,
    });

    private static JsonObject Write(SweepProvenance p) => new()
    {
        ["model"] = p.Model, ["revision"] = p.Revision, ["architecture"] = p.Architecture, ["processing"] = p.Processing,
        ["precision"] = p.Precision, ["device"] = p.Device, ["path"] = JsonPart.Snake(p.Path.ToString()), ["version"] = p.Version,
    };

    private static SweepProvenance ReadProvenance(JsonPart p) => Ended(p, new SweepProvenance
    {
        Model = p.Text("model"), Revision = p.OptionalText("revision"), Architecture = p.Text("architecture"), Processing = p.Text("processing"),
        Precision = p.Text("precision"), Device = p.Text("device"), Path = p.Choice<SweepPath>("path"), Version = p.Text("version"),
    });

    private static JsonArray Texts(IEnumerable<string> values) => new([.. values.Select(v => JsonValue.Create(v))]);

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => Number(v))]);

    private static JsonValue? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(v) : null;
}
