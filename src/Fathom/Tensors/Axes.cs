using System.Collections.Frozen;

namespace Fathom.Tensors;

/// <summary>An ordered list of axis names, written as the field writes shapes: <c>"batch pos head d_head"</c>.</summary>
public sealed class Axes
{
    private static readonly FrozenSet<string> Known =
        ("batch pos query_pos key_pos source_pos head kv_head d_model d_embed d_head d_head_v d_rotary d_latent d_mlp d_vocab n_ctx one row expert expert_rank token_of_expert "
         + "d_nope d_latent_q d_laurel d_vocab_ple d_from from_stream further_stream modality "
         + "n_buckets n_types n_classes stream layer d_ple d_inner d_conv d_state d_kernel n_groups d_group mixer_head d_key d_value d_dt block d_block d_qkv n_relative d_pooled").Split(' ').ToFrozenSet();

    /// <summary>Parses a space-separated axis list.</summary>
    /// <param name="spec">Axis names, outermost first.</param>
    /// <exception cref="ArgumentException">A name is not in the library's axis vocabulary.</exception>
    public Axes(string spec)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(spec);
        Names = spec.Split(' ');
        foreach (var name in Names)
        {
            if (!Known.Contains(name))
            {
                throw new ArgumentException($"Unknown axis '{name}' in \"{spec}\". Known axes: {string.Join(", ", Known.Order())}.", nameof(spec));
            }
        }
    }

    /// <summary>The axis names, outermost first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Returns the position of <paramref name="axis"/>, or -1.</summary>
    /// <remarks><c>pos</c> also finds <c>query_pos</c>, and <c>head</c> also finds <c>kv_head</c>.</remarks>
    public int IndexOf(Axis axis)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == axis.Name || (axis == Axis.Position && Names[i] == "query_pos") || (axis == Axis.Head && Names[i] == "kv_head"))
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Names)}]";
}
