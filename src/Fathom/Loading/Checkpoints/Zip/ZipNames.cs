using System.Text;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>Names of zip entries. None is ever used as a path of the disk; odd ones still mean the file is not what it claims.</summary>
internal static class ZipNames
{
    private const int Longest = 1_024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes and checks a name.</summary>
    /// <exception cref="InvalidCheckpointException">The name is no plain relative path.</exception>
    public static string Read(ByteSource source, byte[] raw)
    {
        string name;
        try
        {
            name = Strict.GetString(raw);
        }
        catch (DecoderFallbackException e)
        {
            throw source.Invalid("a zip entry name is not UTF-8.", e);
        }

        var path = name.EndsWith('/') ? name[..^1] : name;
        var plain = name.Length is > 0 and <= Longest && !name.Any(c => char.IsControl(c) || c is '\\' or ':') && path.Split('/').All(p => p is not ("" or "." or ".."));
        return plain ? name : throw source.Invalid($"a zip entry name is '{(name.Length > 80 ? name[..80] + "..." : name)}'; plain relative names of at most {Longest} characters are read.");
    }
}
