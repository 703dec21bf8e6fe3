using System.Buffers.Binary;
using System.Text;
using Fathom.Loading.Checkpoints.Zip;

namespace Fathom.Tests.Fixtures;

/// <summary>Writes what <c>torch.save</c> writes: a zip with a pickle of protocol 2 and one record for each storage. Values are tensors, dictionaries, lists, texts, numbers, booleans and null; the same tensor twice is one storage.</summary>
internal static class TorchSave
{
    /// <summary>Writes a file.</summary>
    public static void Write(string path, object root)
    {
        List<Tensor> storages = [];
        using MemoryStream pickle = new();
        pickle.Write([0x80, 2]);
        Put(pickle, root, storages);
        pickle.WriteByte((byte)'.');
        using var file = File.Create(path);
        ZipWriter zip = new(file);
        zip.Add("archive/data.pkl", s => s.Write(pickle.ToArray()));
        foreach (var (i, tensor) in storages.Index())
        {
            using var flat = tensor.contiguous().reshape(-1);
            var bytes = flat.bytes.ToArray();
            zip.Add($"archive/data/{i}", s => s.Write(bytes));
        }

        zip.Add("archive/version", s => s.Write("3\n"u8));
        zip.Finish();
    }

    private static void Put(MemoryStream pickle, object? value, List<Tensor> storages)
    {
        switch (value)
        {
            case null:
                pickle.WriteByte((byte)'N');
                break;
            case bool truth:
                pickle.WriteByte(truth ? (byte)0x88 : (byte)0x89);
                break;
            case int number:
                pickle.WriteByte((byte)'J');
                pickle.Write(BitConverter.GetBytes(number));
                break;
            case double real:
                Span<byte> bits = stackalloc byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(bits, real);
                pickle.WriteByte((byte)'G');
                pickle.Write(bits);
                break;
            case string text:
                var utf8 = Encoding.UTF8.GetBytes(text);
                pickle.WriteByte((byte)'X');
                pickle.Write(BitConverter.GetBytes(utf8.Length));
                pickle.Write(utf8);
                break;
            case IReadOnlyDictionary<string, object> dict:
                pickle.WriteByte((byte)'}');
                foreach (var (key, item) in dict)
                {
                    Put(pickle, key, storages);
                    Put(pickle, item, storages);
                    pickle.WriteByte((byte)'s');
                }

                break;
            case Tensor tensor:
                PutTensor(pickle, tensor, storages);
                break;
            default:
                throw new ArgumentException($"{value.GetType().Name} is not written.", nameof(value));
        }
    }

    /// <summary><c>_rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict())</c>.</summary>
    private static void PutTensor(MemoryStream pickle, Tensor tensor, List<Tensor> storages)
    {
        var known = storages.FindIndex(s => ReferenceEquals(s, tensor));
        if (known < 0)
        {
            known = storages.Count;
            storages.Add(tensor);
        }

        var storage = tensor.dtype switch { torch.ScalarType.BFloat16 => "BFloat16Storage", torch.ScalarType.Bool => "BoolStorage", torch.ScalarType.Float32 => "FloatStorage", var other => throw new ArgumentException($"{other} is not written.") };
        Global("torch._utils", "_rebuild_tensor_v2");
        pickle.WriteByte((byte)'(');
        pickle.WriteByte((byte)'(');
        Put(pickle, "storage", storages);
        Global("torch", storage);
        Put(pickle, known.ToString(System.Globalization.CultureInfo.InvariantCulture), storages);
        Put(pickle, "cpu", storages);
        Put(pickle, (int)tensor.numel(), storages);
        pickle.Write("tQ"u8);
        Put(pickle, 0, storages);
        Tuple(tensor.shape);
        Tuple([.. tensor.shape.Index().Select(p => tensor.shape[(p.Index + 1)..].Aggregate(1L, (a, b) => a * b))]);
        Put(pickle, false, storages);
        Global("collections", "OrderedDict");
        pickle.Write(")RtR"u8);

        void Global(string module, string name) => pickle.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

        void Tuple(long[] sizes)
        {
            pickle.WriteByte((byte)'(');
            foreach (var size in sizes)
            {
                Put(pickle, (int)size, storages);
            }

            pickle.WriteByte((byte)'t');
        }
    }
}
