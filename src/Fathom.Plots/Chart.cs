using System.Text.Json.Serialization;
using Fathom.Plots.Svg;

namespace Fathom.Plots;

/// <summary>What charts of series have in common: lines, bars and points over two axes.</summary>
public abstract record Chart : Figure
{
    private protected Chart()
    {
    }

    /// <summary>The series, in the order of the legend.</summary>
    public required ValueList<Series> Series { get; init; }

    /// <summary>What the horizontal axis is and its unit; of a bar chart, what the categories are.</summary>
    public string? XTitle { get; init; }

    /// <summary>What a value is and its unit.</summary>
    public string? YTitle { get; init; }

    /// <summary>The low end of the value axis. Null: from the values.</summary>
    public double? Minimum { get; init; }

    /// <summary>The high end of the value axis. Null: from the values.</summary>
    public double? Maximum { get; init; }

    /// <summary>Values to compare with.</summary>
    public ValueList<ReferenceLine> References { get; init; } = [];

    /// <summary>Digits after the decimal point under the pointer. Null: four significant digits.</summary>
    public int? Decimals { get; init; }

    [JsonIgnore]
    internal bool HasLegend => Series.Count > 1 || Series[0].Name.Length > 0;

    internal string Tooltip(int series, int index, string x)
    {
        var one = Series[series];
        List<string> lines = [];
        if (one.Name.Length > 0)
        {
            lines.Add(one.Name);
        }

        if (one.PointNames.Count > 0)
        {
            lines.Add(one.PointNames[index]);
        }

        lines.Add($"{XTitle ?? "x"}: {x}");
        lines.Add($"{YTitle ?? "y"}: {Numbers.Short(one.Y[index], Decimals)}");
        return string.Join('\n', lines);
    }

    internal override (double Low, double High) ValueExtent()
    {
        double[] finite = [.. Series.SelectMany(s => s.Y).Concat(References.Select(r => r.Value)).Where(double.IsFinite)];
        return finite.Length == 0 ? base.ValueExtent() : (Minimum ?? finite.Min(), Maximum ?? finite.Max());
    }

    internal override Figure WithRange(double low, double high)
    {
        var axis = AxisOver([low, high]);
        return this with { Minimum = axis.Low, Maximum = axis.High };
    }

    internal override void Validate()
    {
        Check.NotNull(Series, nameof(Series));
        Check.NotEmpty(Series.Count, nameof(Series));
        for (var i = 0; i < Series.Count; i++)
        {
            Check.NotNull(Series[i], $"Series[{i}]");
            Series[i].Validate($"Series[{i}]");
        }

        Check.Range(Minimum, Maximum);
        Check.Decimals(Decimals);
        Check.NotNull(References, nameof(References));
        foreach (var reference in References)
        {
            Check.Finite(reference.Value, nameof(References));
        }
    }

    /// <summary>The value axis that holds the values.</summary>
    private protected abstract NumericAxis AxisOver(IEnumerable<double> values);

    private protected NumericAxis ValueAxis() => AxisOver(Series.SelectMany(s => s.Y).Concat(References.Select(r => r.Value)));

    private protected static void RequirePositive(bool logarithmic, IEnumerable<double> values, string part)
    {
        if (logarithmic && values.Any(v => v <= 0))
        {
            throw new FigureDataException(part, "values above 0, since its axis is logarithmic", $"{values.First(v => v <= 0)}", "Make the axis linear, or replace these values with NaN.");
        }
    }
}
