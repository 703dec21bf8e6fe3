namespace Fathom.Plots.Reports;

/// <summary>One part of a report: a closed family.</summary>
internal abstract record ReportPart;

internal sealed record HeadingPart(string Text) : ReportPart;

internal sealed record ParagraphPart(string Text) : ReportPart;

internal sealed record PreformattedPart(string Text) : ReportPart;

internal sealed record TablePart(ValueList<string> Columns, IReadOnlyList<ValueList<string>> Rows) : ReportPart
{
    /// <summary>Whether every cell of a column that holds anything is a number.</summary>
    public bool IsNumeric(int column) => Rows.Count > 0 && Rows.Select(r => r[column].Trim()).Where(c => c.Length > 0).All(c =>
        c is "nan" or "inf" or "-inf" || double.TryParse(c.TrimEnd('%', '·'), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _));
}

internal sealed record FigurePart(Figure Figure) : ReportPart;
