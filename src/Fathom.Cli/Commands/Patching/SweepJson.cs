using System.Text.Json;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>A sweep's result as JSON.</summary>
internal static class SweepJson
{
    internal static void Write(Utf8JsonWriter json, SweepResult result)
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

    private static void WriteSweep(Utf8JsonWriter json, PatchingSweep sweep)
    {
        json.WriteStartObject("sweep");
        json.WriteArray("from", sweep.From, prompt => json.WriteStringValue(prompt.Text));
        json.WriteArray("into", sweep.Into, prompt => json.WriteStringValue(prompt.Text));
        json.WriteString("site", sweep.Site.Name);
        json.WriteArray("over", sweep.Over, axis => json.WriteStringValue(axis.Name));
        json.WriteString("metric", sweep.Metric.ToString());
        json.WriteString("direction", sweep.Direction == Direction.Noising ? "noising" : "denoising");
        json.WriteString("replacement", sweep.Replacement is ZeroReplacement ? "zero" : "run");
        foreach (var (name, indices) in new[] { ("layers", sweep.Layers), ("positions", sweep.Positions), ("heads", sweep.Heads), ("sources", sweep.Sources), ("neurons", sweep.Neurons) })
        {
            if (indices is not null)
            {
                json.WriteArray(name, indices, json.WriteNumberValue);
            }
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
