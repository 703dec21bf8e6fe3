using System.Text.Json.Serialization;
using Fathom.Plots.Colors;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>A text whose tokens are coloured by a number each: loss, attribution, a neuron's activation. Several numbers make several strips.</summary>
/// <remarks>Every token is shown once, in order, blanks and line ends made visible.</remarks>
public sealed record ColoredTokens : Figure
{
    /// <summary>The tokens as text, in order.</summary>
    public required ValueList<string> Tokens { get; init; }

    /// <summary>The numbers, <c>[strip, token]</c>.</summary>
    public required Grid Values { get; init; }

    /// <summary>A name for each strip, or empty.</summary>
    public ValueList<string> StripLabels { get; init; } = [];

    /// <summary>What a value is and its unit.</summary>
    public string? ValueTitle { get; init; }

    /// <summary>The colours.</summary>
    public Palette Palette { get; init; } = Palette.RdBu;

    /// <summary>The value of the middle colour of a diverging palette.</summary>
    public double Center { get; init; }

    /// <summary>The low end of the colours. Null: from the values.</summary>
    public double? Minimum { get; init; }

    /// <summary>The high end of the colours. Null: from the values.</summary>
    public double? Maximum { get; init; }

    /// <summary>More text for the hover box, one for each token, or empty: the top predictions, for example.</summary>
    public ValueList<string> HoverText { get; init; } = [];

    /// <summary>Digits after the decimal point. Null: four significant digits.</summary>
    public int? Decimals { get; init; }

    [JsonIgnore]
    internal override string Kind => "colored-tokens";

    internal string StripLabel(int strip) => StripLabels.Count > 0 ? StripLabels[strip] : Values.Rows > 1 ? Numbers.Whole(strip) : "";

    internal ColorScale Scale() => ColorScale.Over(Values.AsSpan(), Palette, Center, Minimum, Maximum);

    internal string Tooltip(int strip, int token)
    {
        var label = StripLabel(strip);
        return $"Token: {TokenLabels.Visible(Tokens[token])} (pos {Numbers.Whole(token)})\n{(label.Length > 0 ? $"Strip: {label}\n" : "")}{ValueTitle ?? "Value"}: {Numbers.Short(Values[strip, token], Decimals)}{(HoverText.Count > 0 ? $"\n{HoverText[token]}" : "")}";
    }

    internal override IDrawing Draw(string id, Room? room, int panel) => new TokenDrawing(this, room ?? Room.Whole with { Width = 720 }, id);

    internal override void Write(TerminalCanvas canvas) => TokenTerminal.Write(this, canvas);

    internal override FigureTable ToTable()
    {
        var table = new FigureTable("strip", "position", "token", ValueTitle ?? "value");
        for (var strip = 0; strip < Values.Rows; strip++)
        {
            for (var token = 0; token < Tokens.Count; token++)
            {
                table.Add(StripLabel(strip), token, Tokens[token], Values[strip, token]);
            }
        }

        return table;
    }

    internal override void Validate()
    {
        Check.NotNull(Tokens, nameof(Tokens));
        Check.NotNull(Values, nameof(Values));
        Check.NotEmpty(Tokens.Count, nameof(Tokens));
        Check.Labels(Tokens, Values.Columns, nameof(Tokens), "columns of Values");
        Check.Labels(StripLabels, Values.Rows, nameof(StripLabels), "strips");
        Check.Labels(HoverText, Values.Columns, nameof(HoverText), "tokens");
        Check.NotNull(Palette, nameof(Palette));
        Check.Range(Minimum, Maximum);
        Check.Finite(Center, nameof(Center));
        Check.Decimals(Decimals);
    }
}
