using System.Text.Json;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>A sweep's result as JSON.</summary>
internal static class SweepJson
{
    internal static void Write(Utf8JsonWriter json, SweepResult result, int seed)
    {
        WriteSweep(json, result.Sweep);
        json.WriteArray("axes", result.Axes, axis =>
        {
            json.WriteStartObject();
            json.WriteString("name", axis.Name);
            json.WriteArray("labels", axis.Labels, json.WriteStringValue);
            json.WriteArray("indices", axis.Indices, json.WriteNumberValue);
            json.WriteEndObject();
        });
        json.WritePropertyName("values");
        WriteNested(json, result.Shape, result.Values);
        json.WriteArray("metrics", result.Metrics, metric =>
        {
            json.WriteStartObject();
            json.WriteString("name", metric.Metric.Name);
            json.WriteString("unit", metric.Metric.Unit);
            json.WriteBoolean("normalised", metric.Metric.IsNormalised);
            json.WriteArray("clean", metric.Clean, json.WriteRealValue);
            json.WriteArray("corrupted", metric.Corrupted, json.WriteRealValue);
            json.WriteArray("baseline", metric.Baseline, json.WriteRealValue);
            json.WriteArray("examples", metric.Examples, values => WriteNested(json, result.Shape, values));
            if (result.Examples.Count > 1)
            {
                WriteStatistics(json, result, result.Metrics.ToList().IndexOf(metric), seed);
            }

            json.WriteEndObject();
        });
        json.WriteArray("examples", result.Examples, example =>
        {
            json.WriteStartObject();
            json.WriteArray("from_ids", example.FromIds, json.WriteNumberValue);
            json.WriteArray("from_tokens", example.FromTokens, json.WriteStringValue);
            json.WriteArray("into_ids", example.IntoIds, json.WriteNumberValue);
            json.WriteArray("into_tokens", example.IntoTokens, json.WriteStringValue);
            json.WriteEndObject();
        });
        json.WriteBoolean("nothing_moved", result.NothingMoved);
        WriteProof(json, result);
    }

    private static void WriteSweep(Utf8JsonWriter json, Sweep sweep)
    {
        json.WriteStartObject("sweep");
        json.WriteArray("from", sweep.From, prompt => json.WriteStringValue(prompt.Text));
        json.WriteArray("into", sweep.Into, prompt => json.WriteStringValue(prompt.Text));
        if (sweep is PatchingSweep patching)
        {
            WritePlaces(json, patching);
        }

        if (sweep is not PatchingSweep)
        {
            json.WritePropertyName("experiment");
            json.WriteRawValue(sweep.ToJson());
        }

        json.WriteString("metric", sweep.Metric.ToString());
        json.WriteString("direction", sweep.Direction == Direction.Noising ? "noising" : "denoising");
        json.WriteString("replacement", sweep.Replacement.Name);
        if (sweep.Replacement is MeanReplacement mean)
        {
            json.WriteArray("mean_over", mean.Over, prompt => json.WriteStringValue(prompt.Text));
        }

        if (sweep.Replacement is ExchangeReplacement exchange)
        {
            json.WriteArray("exchanged", new[] { exchange.First, exchange.Second }, json.WriteNumberValue);
        }

        json.WriteEndObject();
    }

    private static void WritePlaces(Utf8JsonWriter json, PatchingSweep sweep)
    {
        json.WriteString("site", sweep.Site.Name);
        json.WriteArray("over", sweep.Over, axis => json.WriteStringValue(axis.Name));
        foreach (var (name, indices) in new[] { ("layers", sweep.Layers), ("positions", sweep.Positions), ("heads", sweep.Heads), ("sources", sweep.Sources), ("neurons", sweep.Neurons) })
        {
            if (indices is not null)
            {
                json.WriteArray(name, indices, json.WriteNumberValue);
            }
        }
    }

    private static void WriteStatistics(Utf8JsonWriter json, SweepResult result, int metric, int seed)
    {
        var statistics = result.Statistics(metric, seed);
        json.WriteStartObject("statistics");
        foreach (var (name, of) in new (string, Func<CellStatistics, double>)[] { ("effect", s => s.Mean), ("standard_error", s => s.StandardError), ("low", s => s.Low), ("high", s => s.High), ("p_value", s => s.PValue) })
        {
            json.WritePropertyName(name);
            WriteNested(json, result.Shape, [.. statistics.Select(of)]);
        }

        json.WriteEndObject();
    }

    private static void WriteProof(Utf8JsonWriter json, SweepResult result)
    {
        json.WriteStartObject("checks");
        json.WriteReal("noise_floor", result.Checks.NoiseFloor ?? double.NaN);
        json.WriteNumber("noise_cells", result.Checks.NoiseCells);
        json.WriteNumber("checked_cells", result.Checks.CheckedCells);
        json.WriteReal("max_difference", result.Checks.MaxDifference ?? double.NaN);
        json.WriteNumber("tolerance", result.Checks.Tolerance);
        json.WriteString("precision", result.Provenance.Precision);
        json.WriteEndObject();
        json.WriteStartObject("work");
        json.WriteString("path", result.Provenance.Path == SweepPath.Engine ? "engine" : "plain");
        json.WriteNumber("cells", result.Work.Cells);
        json.WriteNumber("skipped", result.Work.Skipped);
        json.WriteNumber("attention_rows", result.Work.AttentionRows);
        json.WriteNumber("mlp_rows", result.Work.MlpRows);
        json.WriteNumber("planned_attention_rows", result.Work.PlannedAttentionRows);
        json.WriteNumber("planned_mlp_rows", result.Work.PlannedMlpRows);
        json.WriteNumber("loop_rows", result.Work.LoopRows);
        json.WriteNumber("groups", result.Work.Groups);
        json.WriteEndObject();
    }

    private static void WriteNested(Utf8JsonWriter json, IReadOnlyList<int> shape, IReadOnlyList<double> values)
    {
        var next = 0;
        WriteLevel(0);

        void WriteLevel(int axis)
        {
            if (axis == shape.Count)
            {
                json.WriteRealValue(values[next++]);
                return;
            }

            json.WriteStartArray();
            for (var i = 0; i < shape[axis]; i++)
            {
                WriteLevel(axis + 1);
            }

            json.WriteEndArray();
        }
    }
}
