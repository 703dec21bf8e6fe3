namespace Fathom.Architectures;

/// <summary>Rows of weight tables whose files already use our names.</summary>
internal static class TransformerLensTensors
{
    /// <summary>Masks and tables that state dicts carry and that are computed here.</summary>
    public static IReadOnlyList<string> Buffers { get; } = [".attn.mask", ".attn.IGNORE", ".attn.rotary_sin", ".attn.rotary_cos"];

    /// <summary>A norm.</summary>
    /// <param name="name">Its name, ours and theirs.</param>
    public static IEnumerable<WeightRule> Norm(string name) => [new($"{name}.w", $"{name}.w"), new($"{name}.b", $"{name}.b")];

    /// <summary>The weights of attention.</summary>
    public static IEnumerable<WeightRule> Attention() => "W_Q b_Q W_K b_K W_V b_V W_O b_O".Split(' ').Select(Attention);

    /// <summary>The weights of a plain MLP.</summary>
    public static IEnumerable<WeightRule> PlainMlp() => "W_in b_in W_out b_out".Split(' ').Select(Mlp);

    /// <summary>Keys and values of grouped heads have a leading underscore there.</summary>
    private static WeightRule Attention(string name) => new($"blocks.{{i}}.attn.{name}", $"blocks.{{i}}.attn.{name}") { Otherwise = [$"blocks.{{i}}.attn._{name}"] };

    private static WeightRule Mlp(string name) => new($"blocks.{{i}}.mlp.{name}", $"blocks.{{i}}.mlp.{name}");
}
