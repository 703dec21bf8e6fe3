namespace Fathom.Tokenization.Unicode;

/// <summary>Unpacks the sections of the embedded tables, one after the other.</summary>
internal sealed class TableReader(byte[] data)
{
    private const int Top = 0x110000;
    private int _at;

    /// <summary>Runs of (length, value).</summary>
    public ByteTable Table()
    {
        var table = new ByteTable();
        for (var start = 0; start < Top;)
        {
            var end = start + Number();
            table.Fill(start, end, (byte)Number());
            start = end;
        }

        return table;
    }

    /// <summary>Edges of a set, each as the distance from the one before.</summary>
    public ScalarSet Set()
    {
        var edges = new int[Number()];
        var last = 0;
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = last += Number();
        }

        return new ScalarSet(edges);
    }

    /// <summary>Scalars with rows of scalars, as distances.</summary>
    public ScalarMap Map()
    {
        var map = new ScalarMap();
        var count = Number();
        var scalar = 0;
        for (var i = 0; i < count; i++)
        {
            scalar += Number();
            var row = new int[Number()];
            for (var j = 0; j < row.Length; j++)
            {
                var zigzag = Number();
                row[j] = scalar + ((zigzag >> 1) ^ -(zigzag & 1));
            }

            map.Add(scalar, row);
        }

        return map;
    }

    private int Number()
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data[_at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
