using System.Text;

namespace Fathom.Plots;

/// <summary>A figure's numbers in tidy form: one row for each value, one column for each label.</summary>
internal sealed class FigureTable(params string[] columns)
{
    private readonly List<object[]> rows = [];

    public IReadOnlyList<string> Columns => columns;

    public IReadOnlyList<object[]> Rows => rows;

    public void Add(params object[] cells) => rows.Add(cells);

    /// <summary>Comma-separated, quoted as in RFC 4180, all digits of every number.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        Line(columns);
        foreach (var row in rows)
        {
            Line(row);
        }

        return text.ToString();

        void Line(IEnumerable<object> cells) => text.AppendJoin(',', cells.Select(Cell)).Append('\n');
    }

    private static string Cell(object cell) => cell switch
    {
        double number => Numbers.Exact(number),
        int number => Numbers.Whole(number),
        string text when text.AsSpan().IndexOfAny("\",\r\n") >= 0 || text.StartsWith(' ') || text.EndsWith(' ') => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => cell.ToString() ?? "",
    };
}
