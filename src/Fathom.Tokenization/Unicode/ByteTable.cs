using System.Runtime.CompilerServices;

namespace Fathom.Tokenization.Unicode;

/// <summary>A small number for every Unicode scalar.</summary>
internal sealed class ByteTable
{
    private readonly byte[][] _pages = new byte[0x110000 >> 8][];

    /// <summary>The number of a scalar.</summary>
    public byte this[int scalar]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _pages[scalar >> 8][scalar & 255];
    }

    /// <summary>Gives the scalars <c>[start, end)</c> a number; ranges come in order and leave nothing out.</summary>
    public void Fill(int start, int end, byte value)
    {
        byte[]? uniform = null;
        while (start < end)
        {
            var page = start >> 8;
            var stop = Math.Min(end, (page + 1) << 8);
            if (stop - start == 256)
            {
                if (uniform is null)
                {
                    uniform = new byte[256];
                    Array.Fill(uniform, value);
                }

                _pages[page] = uniform;
            }
            else
            {
                (_pages[page] ??= new byte[256]).AsSpan(start & 255, stop - start).Fill(value);
            }

            start = stop;
        }
    }
}
