using System.Text;

namespace Fathom.Loading.Checkpoints.Bytes;

/// <summary>What the first bytes of a file look like, for messages that say more than "not readable".</summary>
internal static class FileKind
{
    /// <summary>One phrase that completes "it looks like ...", and what to do about it.</summary>
    public static string Describe(ByteSource source)
    {
        var head = source.Read(0, (int)Math.Min(source.Length, 512));
        return head switch
        {
            [] => "an empty file; download it again",
            [0x50, 0x4B, 3 or 5, 4 or 6, ..] => "a zip archive (a PyTorch or NumPy file); open it under its own extension (.pt, .npz)",
            [0x47, 0x47, 0x55, 0x46, ..] => "a GGUF file; give it the extension .gguf",
            [0x1F, 0x8B, ..] => "a gzip file; unpack it first",
            [0x89, 0x48, 0x44, 0x46, ..] => "an HDF5 file (Keras or TensorFlow weights), which is not supported; convert it to safetensors",
            [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, ..] => "a single NumPy array (.npy); save the arrays as .npz",
            [0x80, >= 2 and <= 5, ..] => "a Python pickle",
            _ => DescribeText(head),
        };
    }

    private static string DescribeText(byte[] head)
    {
        var text = Encoding.Latin1.GetString(head);
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
        {
            return "a git-lfs pointer, not the file itself; run 'git lfs pull' in the repository";
        }

        var trimmed = text.TrimStart();
        if (trimmed.StartsWith('<'))
        {
            return "a web page (HTML or XML), probably a download that needed a login; download it again";
        }

        if (head.Length >= 265 && text.AsSpan(257, 5).SequenceEqual("ustar"))
        {
            return "a tar archive (the oldest PyTorch format), which is not supported; load it once with PyTorch and save it again";
        }

        if (head.Length > 8 && head[8] == (byte)'{')
        {
            return "a safetensors file; give it the extension .safetensors";
        }

        return head.AsSpan().ContainsAnyExcept((byte)0) ? "an unknown format" : "zeros only, as after an interrupted download; download it again";
    }
}
