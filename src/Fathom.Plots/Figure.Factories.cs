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

    /// <summary>One line over 0, 1, 2, ….</summary>
    /// <param name="y">The values.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xLabels">A label for each position.</param>
    /// <param name="xTitle">What the horizontal axis is.</param>
    /// <param name="yTitle">What a value is and its unit.</param>
    /// <exception cref="FigureDataException">The labels do not fit the values.</exception>
    public static LineChart Line(ValueList<double> y, string? title = null, ValueList<string>? xLabels = null, string? xTitle = null, string? yTitle = null) =>
        Checked(new LineChart { Series = [new("", y)], Title = title, XLabels = xLabels ?? [], XTitle = xTitle, YTitle = yTitle });

    /// <summary>A bar for each category.</summary>
    /// <param name="values">The values.</param>
    /// <param name="categories">The categories' names.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What the categories are.</param>
    /// <param name="yTitle">What a value is and its unit.</param>
    /// <exception cref="FigureDataException">The names do not fit the values.</exception>
    public static BarChart Bar(ValueList<double> values, ValueList<string>? categories = null, string? title = null, string? xTitle = null, string? yTitle = null) =>
        Checked(new BarChart { Series = [new("", values)], Categories = categories ?? [], Title = title, XTitle = xTitle, YTitle = yTitle });

    /// <summary>Points, each with a name under the pointer.</summary>
    /// <param name="x">Where each point stands on the horizontal axis.</param>
    /// <param name="y">Where it stands on the vertical axis.</param>
    /// <param name="names">The points' names.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What the horizontal axis is.</param>
    /// <param name="yTitle">What the vertical axis is.</param>
    /// <exception cref="FigureDataException">The lists differ in length.</exception>
    public static ScatterPlot Scatter(ValueList<double> x, ValueList<double> y, ValueList<string>? names = null, string? title = null, string? xTitle = null, string? yTitle = null) =>
        Checked(new ScatterPlot { Series = [new("", y) { X = x, PointNames = names ?? [] }], Title = title, XTitle = xTitle, YTitle = yTitle });

    /// <summary>How often values fall into ranges of equal width.</summary>
    /// <param name="values">The values.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="xTitle">What a value is and its unit.</param>
    /// <param name="bins">The number of ranges. Null: from the values.</param>
    /// <exception cref="FigureDataException">There is no value, or no range.</exception>
    public static Histogram Histogram(ValueList<double> values, string? title = null, string? xTitle = null, int? bins = null) =>
        Checked(new Histogram { Values = values, Title = title, XTitle = xTitle, Bins = bins });

    /// <summary>A text whose tokens are coloured by a number each.</summary>
    /// <param name="tokens">The tokens as text, in order.</param>
    /// <param name="values">A number for each token.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="valueTitle">What a value is and its unit.</param>
    /// <exception cref="FigureDataException">There is no token, or the lists differ in length.</exception>
    public static ColoredTokens ColoredTokens(ValueList<string> tokens, ValueList<double> values, string? title = null, string? valueTitle = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Checked(new ColoredTokens { Tokens = tokens, Values = new Grid(1, values.Count, values.AsSpan()), Title = title, ValueTitle = valueTitle });
    }

    /// <summary>Attention patterns of many heads over one text.</summary>
    /// <param name="tokens">The tokens as text, in order.</param>
    /// <param name="patterns">One pattern for each head, <c>[query_pos, key_pos]</c>.</param>
    /// <param name="headLabels">A name for each head.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="headsPerRow">How many heads stand in a row, such as the heads of a layer.</param>
    /// <exception cref="FigureDataException">A pattern is not tokens x tokens, or the names do not fit.</exception>
    public static AttentionPatterns AttentionPatterns(ValueList<string> tokens, ValueList<Grid> patterns, ValueList<string>? headLabels = null, string? title = null, int? headsPerRow = null) =>
        Checked(new AttentionPatterns { Tokens = tokens, Patterns = patterns, HeadLabels = headLabels ?? [], Title = title, HeadsPerRow = headsPerRow });

    /// <summary>Figures of the same kind side by side, on one scale.</summary>
    /// <param name="panels">The figures; each one's title stands above it.</param>
    /// <param name="title">What the figure shows.</param>
    /// <param name="columns">How many stand in a row. Null: as many as fit well.</param>
    /// <exception cref="FigureDataException">There is no figure, or they are of different kinds.</exception>
    public static SmallMultiples SmallMultiples(IEnumerable<Figure> panels, string? title = null, int? columns = null) =>
        Checked(new SmallMultiples { Panels = [.. panels], Title = title, Columns = columns });

    private static T Checked<T>(T figure)
        where T : Figure
    {
        figure.Validate();
        return figure;
    }
}
