namespace Fathom.Plots;

/// <content>Short ways to the common figures; object initializers reach every part.</content>
public abstract partial record Figure
{
    /// <summary>A heat map, red negative, blue positive, white at <paramref name="center"/>.</summary>
    /// <param name="values">The values, <c>[row, column]</c>, first row at the top.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="rows">One label for each row.</param>
    /// <param name="columns">One label for each column.</param>
    /// <param name="rowTitle">What the rows are.</param>
    /// <param name="columnTitle">What the columns are.</param>
    /// <param name="valueTitle">What a value is and its unit.</param>
    /// <param name="center">The value drawn white.</param>
    /// <exception cref="FigureDataException">The labels do not fit the values.</exception>
    public static HeatMap HeatMap(
        Grid values,
        string? title = null,
        ValueList<string>? rows = null,
        ValueList<string>? columns = null,
        string? rowTitle = null,
        string? columnTitle = null,
        string? valueTitle = null,
        double center = 0) => Checked(new HeatMap
        {
            Values = values,
            Title = title,
            RowLabels = rows ?? [],
            ColumnLabels = columns ?? [],
            RowTitle = rowTitle,
            ColumnTitle = columnTitle,
            ValueTitle = valueTitle,
            Center = center,
        });

    private static T Checked<T>(T figure)
        where T : Figure
    {
        figure.Validate();
        return figure;
    }
}
