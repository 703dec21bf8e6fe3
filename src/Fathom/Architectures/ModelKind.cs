namespace Fathom.Architectures;

/// <summary>Which class computes a family.</summary>
public enum ModelKind
{
    /// <summary>Each position sees earlier ones: <c>HookedTransformer</c>.</summary>
    Decoder,

    /// <summary>Each position sees all: <c>HookedEncoder</c>.</summary>
    Encoder,

    /// <summary>Two stacks, the second attending to the first: <c>HookedEncoderDecoder</c>.</summary>
    EncoderDecoder,
}
