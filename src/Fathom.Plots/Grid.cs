using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Fathom.Plots.Json;

namespace Fathom.Plots;

/// <summary>An immutable table of numbers, <c>[row, column]</c>, that compares by content. NaN means "no value".</summary>
[JsonConverter(typeof(GridConverter))]
public sealed class Grid : IEquatable<Grid>
{
    private readonly double[] values;

    /// <summary>Copies <paramref name="rowMajor"/> into a table.</summary>
    /// <param name="rows">The number of rows, at least one.</param>
    /// <param name="columns">The number of columns, at least one.</param>
    /// <param name="rowMajor">The values, row after row.</param>
    /// <exception cref="FigureDataException">A side is empty, or the number of values is not rows x columns.</exception>
    public Grid(int rows, int columns, ReadOnlySpan<double> rowMajor)
        : this(rows, columns, rowMajor.ToArray())
    {
    }

    private Grid(int rows, int columns, double[] owned)
    {
        if (rows < 1 || columns < 1)
        {
            throw new FigureDataException("values", "at least one row and one column", $"{rows} x {columns}", "Draw a figure only when there is something to draw.");
        }

        if ((long)rows * columns != owned.Length)
        {
            throw new FigureDataException("values", $"{rows} x {columns} = {(long)rows * columns} values", owned.Length.ToString(CultureInfo.InvariantCulture), "Pass the values row after row.");
        }

        (Rows, Columns, values) = (rows, columns, owned);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The value of one cell.</summary>
    /// <param name="row">From 0, the first row.</param>
    /// <param name="column">From 0, the first column.</param>
    public double this[int row, int column] => (uint)row < (uint)Rows && (uint)column < (uint)Columns
        ? values[(row * Columns) + column]
        : throw new ArgumentOutOfRangeException(nameof(row), $"The grid is {Rows} x {Columns}; there is no cell [{row}, {column}].");

    /// <summary>Copies a two-dimensional array, <c>[row, column]</c>.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator Grid(double[,] values) => Of(values);

    /// <summary>Copies a two-dimensional array, <c>[row, column]</c>.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator Grid(float[,] values) => Of(values);

    /// <summary>Copies a two-dimensional array of any number type, <c>[row, column]</c>.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="values">The values.</param>
    /// <exception cref="FigureDataException">A side of the array is empty.</exception>
    public static Grid Of<T>(T[,] values)
        where T : INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(values.GetLength(0), values.GetLength(1), [.. values.Cast<T>().Select(double.CreateSaturating)]);
    }

    /// <summary>Copies values that lie row after row, of any number type.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="rowMajor">The values, row after row.</param>
    /// <exception cref="FigureDataException">A side is empty, or the number of values is not rows x columns.</exception>
    public static Grid Of<T>(int rows, int columns, IEnumerable<T> rowMajor)
        where T : INumberBase<T> => new(rows, columns, [.. rowMajor.Select(double.CreateSaturating)]);

    /// <summary>Copies rows of equal length.</summary>
    /// <param name="rows">The rows, top to bottom.</param>
    /// <exception cref="FigureDataException">There is no row, or the rows differ in length.</exception>
    public static Grid FromRows(IEnumerable<IEnumerable<double>> rows)
    {
        double[][] all = [.. rows.Select(row => row.ToArray())];
        var columns = all.Length == 0 ? 0 : all[0].Length;
        return Array.FindIndex(all, row => row.Length != columns) is var odd and >= 0
            ? throw new FigureDataException("values", $"rows of {columns} values, as the first", $"{all[odd].Length} values in row {odd}", "Fill missing cells with NaN.")
            : new(all.Length, columns, [.. all.SelectMany(row => row)]);
    }

    /// <summary>The values row after row, without a copy.</summary>
    public ReadOnlySpan<double> AsSpan() => values;

    /// <inheritdoc/>
    public bool Equals(Grid? other) => other is not null && Rows == other.Rows && values.AsSpan().SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Grid);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rows, Columns, values[0], values[^1]);

    /// <summary>The size, such as <c>grid [13, 9]</c>.</summary>
    public override string ToString() => $"grid [{Rows}, {Columns}]";
}
