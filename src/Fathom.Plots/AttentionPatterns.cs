using System.Text.Json.Serialization;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>Attention patterns of many heads over one text: a wall of heads, one of them large, and the text itself.</summary>
/// <remarks>In the page, pointing at a token shows what it attends to and what attends to it.</remarks>
public sealed record AttentionPatterns : Figure
{
    /// <summary>The tokens as text, in order; they are queries and keys.</summary>
    public required ValueList<string> Tokens { get; init; }

    /// <summary>One pattern for each head, <c>[query_pos, key_pos]</c>; each row sums to one.</summary>
    public required ValueList<Grid> Patterns { get; init; }

    /// <summary>A name for each head such as <c>L0H3</c>, or empty for <c>H0, H1, …</c>.</summary>
    public ValueList<string> HeadLabels { get; init; } = [];

    /// <summary>How many heads stand in a row of the wall, such as the heads of a layer. Null: as many as fit.</summary>
    public int? HeadsPerRow { get; init; }

    /// <summary>What a value is.</summary>
    public string? ValueTitle { get; init; }

    [JsonIgnore]
    internal override string Kind => "attention-patterns";

    internal string HeadLabel(int head) => HeadLabels.Count > 0 ? HeadLabels[head] : $"H{Numbers.Whole(head)}";

    internal override IDrawing Draw(string id, Room? room, int panel)
    {
        // A wall of many heads has small patterns without token labels; a few heads have them.
        var labelled = Patterns.Count <= 4;
        var labels = labelled ? (ValueList<string>)[.. Tokens.Select(TokenLabels.Visible)] : [];
        HeatMap[] heads = [.. Patterns.Select((pattern, head) => new HeatMap
        {
            Values = pattern,
            Title = HeadLabel(head),
            RowLabels = labels,
            ColumnLabels = labels,
            RowTitle = labelled ? "Query" : null,
            ColumnTitle = labelled ? "Key" : null,
            ValueTitle = ValueTitle ?? "Attention",
            Palette = Palette.Blues,
            Minimum = 0,
            Maximum = 1,
            SquareCells = true,
        })];
        var columns = Math.Min(heads.Length, HeadsPerRow ?? Math.Min(12, (int)Math.Ceiling(Math.Sqrt(heads.Length * 1.5))));
        var side = labelled ? 280 : Math.Clamp(900.0 / columns, 56, 120);
        return new WallDrawing(heads, labelled, columns, new(side, side), id);
    }

    internal override void Write(TerminalCanvas canvas) => AttentionTerminal.Write(this, canvas);

    internal override FigureTable ToTable()
    {
        var table = new FigureTable("head", "query", "key", "query_token", "key_token", "value");
        for (var head = 0; head < Patterns.Count; head++)
        {
            for (var query = 0; query < Tokens.Count; query++)
            {
                for (var key = 0; key < Tokens.Count; key++)
                {
                    table.Add(HeadLabel(head), query, key, Tokens[query], Tokens[key], Patterns[head][query, key]);
                }
            }
        }

        return table;
    }

    internal override void Validate()
    {
        Check.NotNull(Tokens, nameof(Tokens));
        Check.NotNull(Patterns, nameof(Patterns));
        Check.NotEmpty(Patterns.Count, nameof(Patterns));
        Check.NotEmpty(Tokens.Count, nameof(Tokens));
        Check.Labels(Tokens, Tokens.Count, nameof(Tokens), "tokens");
        for (var head = 0; head < Patterns.Count; head++)
        {
            Check.NotNull(Patterns[head], $"Patterns[{head}]");
            Check.Count(Patterns[head].Rows, Tokens.Count, $"Patterns[{head}].Rows", "tokens");
            Check.Count(Patterns[head].Columns, Tokens.Count, $"Patterns[{head}].Columns", "tokens");
        }

        Check.Labels(HeadLabels, Patterns.Count, nameof(HeadLabels), "heads");
        if (HeadsPerRow < 1)
        {
            throw new FigureDataException(nameof(HeadsPerRow), "at least 1", $"{HeadsPerRow}", "Leave it out to let the figure choose.");
        }
    }
}
