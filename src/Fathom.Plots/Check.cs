namespace Fathom.Plots;

/// <summary>The checks that figures share.</summary>
internal static class Check
{
    public static void NotNull(object? value, string part)
    {
        if (value is null)
        {
            throw new FigureDataException(part, "a value", "null", "Set it.");
        }
    }

    public static void Labels(ValueList<string> labels, int count, string part, string of)
    {
        NotNull(labels, part);
        if (labels.Count != 0 && labels.Count != count)
        {
            throw new FigureDataException(part, $"{count}, one for each of the {count} {of}, or none", $"{labels.Count}", "Pass them in the order of the values.");
        }

        for (var i = 0; i < labels.Count; i++)
        {
            NotNull(labels[i], $"{part}[{i}]");
        }
    }

    public static void Count(int found, int expected, string part, string of)
    {
        if (found != expected)
        {
            throw new FigureDataException(part, $"{expected}, one for each of the {expected} {of}", $"{found}", "Pass them in the order of the values.");
        }
    }

    public static void NotEmpty(int count, string part)
    {
        if (count == 0)
        {
            throw new FigureDataException(part, "at least one", "none", "Draw a figure only when there is something to draw.");
        }
    }

    public static void Range(double? minimum, double? maximum)
    {
        Finite(minimum, "Minimum");
        Finite(maximum, "Maximum");
        if (minimum >= maximum)
        {
            throw new FigureDataException("Minimum", $"a value below Maximum = {maximum}", $"{minimum}", "Exchange them, or leave one out.");
        }
    }

    public static void Finite(double? value, string part)
    {
        if (value is { } number && !double.IsFinite(number))
        {
            throw new FigureDataException(part, "a finite number", $"{number}", "Leave it out to take it from the values.");
        }
    }

    public static void NotNegative(double? value, string part)
    {
        Finite(value, part);
        if (value < 0)
        {
            throw new FigureDataException(part, "a number of at least 0", $"{value}", "Give the distance without a sign.");
        }
    }

    public static void Decimals(int? decimals)
    {
        if (decimals is < 0 or > 15)
        {
            throw new FigureDataException("Decimals", "0 to 15", $"{decimals}", "Leave it out for four significant digits.");
        }
    }
}
