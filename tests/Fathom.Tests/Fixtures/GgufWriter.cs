using System.Text;

namespace Fathom.Tests.Fixtures;

/// <summary>Writes a GGUF file of version 3 with F32 tensors.</summary>
internal static class GgufWriter
{
    private const int Alignment = 32;

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="metadata">Keys with texts, whole numbers, reals, booleans, or lists of texts or whole numbers.</param>
    /// <param name="tensors">Names and F32 tensors.</param>
    public static void Write(string path, IReadOnlyList<(string Key, object Value)> metadata, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using BinaryWriter writer = new(File.Create(path));
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            Text(writer, key);
            Typed(writer, value);
        }

        ulong offset = 0;
        foreach (var (name, tensor) in tensors)
        {
            Text(writer, name);
            writer.Write((uint)tensor.dim());
            foreach (var size in tensor.shape.Reverse())
            {
                writer.Write((ulong)size);
            }

            writer.Write(0u);
            writer.Write(offset);
            offset += Padded((ulong)tensor.numel() * 4);
        }

        foreach (var (_, tensor) in tensors)
        {
            Pad(writer);
            using var flat = tensor.contiguous().reshape(-1);
            writer.Write(flat.bytes.ToArray());
        }
    }

    private static void Typed(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case int number:
                writer.Write(4u);
                writer.Write((uint)number);
                break;
            case double real:
                writer.Write(6u);
                writer.Write((float)real);
                break;
            case bool truth:
                writer.Write(7u);
                writer.Write(truth);
                break;
            case string text:
                writer.Write(8u);
                Text(writer, text);
                break;
            case IReadOnlyList<string> texts:
                writer.Write(9u);
                writer.Write(8u);
                writer.Write((ulong)texts.Count);
                foreach (var text in texts)
                {
                    Text(writer, text);
                }

                break;
            case IReadOnlyList<int> numbers:
                writer.Write(9u);
                writer.Write(5u);
                writer.Write((ulong)numbers.Count);
                foreach (var number in numbers)
                {
                    writer.Write(number);
                }

                break;
            default:
                throw new ArgumentException($"{value.GetType().Name} is not written.", nameof(value));
        }
    }

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(BinaryWriter writer)
    {
        writer.Flush();
        writer.Write(new byte[(int)(Padded((ulong)writer.BaseStream.Position) - (ulong)writer.BaseStream.Position)]);
    }

    private static ulong Padded(ulong length) => (length + Alignment - 1) / Alignment * Alignment;
}
