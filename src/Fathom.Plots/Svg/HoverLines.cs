namespace Fathom.Plots.Svg;

/// <summary>What is said about one cell under the pointer.</summary>
internal static class HoverLines
{
    public static string Of(HeatMap map, int row, int column)
    {
        var value = map.Values[row, column];
        List<string> lines =
        [
            $"{map.RowTitle ?? "Row"}: {map.RowLabel(row)}",
            $"{map.ColumnTitle ?? "Column"}: {map.ColumnLabel(column)}",
            $"{map.ValueTitle ?? "Value"}: {Numbers.Short(value, map.Decimals)}{(map.IsNoise(value) ? " (within the noise floor)" : "")}",
        ];
        if (map.HoverText.Count > 0)
        {
            lines.Add(map.HoverText[(row * map.Values.Columns) + column]);
        }

        return string.Join('\n', lines);
    }
}
