using Fathom.Tokenization.Normalizers;

namespace Fathom.Tokenization.Files;

/// <summary>Reads the <c>normalizer</c> block.</summary>
internal static class NormalizerJson
{
    /// <summary>Reads one component.</summary>
    public static Normalizer Read(JsonPart part) => throw part.Error($"the normalizer \"{part.Type}\" is not known.");
}
