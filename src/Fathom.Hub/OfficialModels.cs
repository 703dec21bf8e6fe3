using System.Globalization;
using System.IO.Compression;

namespace Fathom.Hub;

/// <summary>The models that the field calls by name.</summary>
/// <remarks>The names, aliases and sizes are those of TransformerLens 3.9.0; they are data in <c>Data/models.tsv.br</c>.</remarks>
public static class OfficialModels
{
    private static readonly Lazy<IReadOnlyList<OfficialModel>> Table = new(Read);

    /// <summary>Every official model, in the order of the names.</summary>
    public static IReadOnlyList<OfficialModel> All => Table.Value;

    private static OfficialModel[] Read()
    {
        using var packed = typeof(OfficialModels).Assembly.GetManifestResourceStream("Fathom.Hub.Data.models.tsv.br")
            ?? throw new InvalidOperationException("Fathom.Hub was built without its table of models, Data/models.tsv.br.");
        using var reader = new StreamReader(new BrotliStream(packed, CompressionMode.Decompress));
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(Row)];
    }

    private static OfficialModel Row(string line)
    {
        var cells = line.Split('\t');
        var (layers, dModel, heads, dHead) = (Count(cells[3]), Count(cells[4]), Count(cells[5]), Count(cells[7]));
        var weights = cells[14].Length == 0 ? (long?)null : long.Parse(cells[14], CultureInfo.InvariantCulture);

        // The table gives attention-only models an MLP width that they do not use; their weights are W_Q, W_K, W_V and W_O alone.
        var hasMlp = weights != 4L * layers * dModel * heads * dHead;
        return new OfficialModel
        {
            Name = cells[0],
            Aliases = [.. cells[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)],
            Architecture = Text(cells[2]),
            NLayers = layers,
            DModel = dModel,
            NHeads = heads,
            NKeyValueHeads = Count(cells[6]),
            DHead = dHead,
            DMlp = hasMlp ? Count(cells[8]) : null,
            NCtx = Count(cells[9]),
            DVocab = Count(cells[10]),
            ActFn = Text(cells[11]),
            NormalizationType = Text(cells[12]),
            PositionalEmbeddingType = Text(cells[13]),
            NParams = weights,
        };
    }

    private static string? Text(string cell) => cell.Length == 0 ? null : cell;

    private static int? Count(string cell) => cell.Length == 0 || cell == "-1" ? null : int.Parse(cell, CultureInfo.InvariantCulture);
}
