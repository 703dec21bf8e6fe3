using Fathom.Configuration;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The bias on attention scores that depends on the distance between query and key.</summary>
/// <remarks>ALiBi: Press et al. 2021 (arXiv:2108.12409). T5 buckets: Raffel et al. 2019 (arXiv:1910.10683) §2.1. The table of buckets lies in the first layer of a stack and serves all of them.</remarks>
internal sealed class ScoreBias
{
    private readonly ScoreBiasConfig _config;
    private readonly string _stack;

    public ScoreBias(PartScope scope, ScoreBiasConfig config)
    {
        _config = config;
        _stack = scope.Path[..scope.Path.IndexOf($"{scope.Layer}.", StringComparison.Ordinal)];
        Table = config is RelativeBiasConfig { OwnsTable: true } relative ? scope.With(("n_buckets", relative.Buckets)).Child("rel_pos_bias").Weight("weight", "n_buckets head") : null;
    }

    /// <summary>The learned bias per bucket and head, in the layer that owns it.</summary>
    public Weight? Table { get; }

    /// <summary>The bias, <c>[batch or 1, head, length, keys]</c>. Belongs to the pass.</summary>
    public Tensor For(Segment segment, Pass pass, torch.ScalarType dtype) => _config switch
    {
        AlibiConfig alibi => pass.Table((alibi, segment, dtype), () => [Alibi(alibi, segment).to(dtype)])[0],
        RelativeBiasConfig relative => pass.Table((_stack, segment, dtype), () => [Relative(relative, segment)])[0],
        var other => throw new ArgumentOutOfRangeException(nameof(segment), other, $"{other.GetType().Name} is no score bias."),
    };

    private static Tensor Distance(Segment segment)
    {
        var keys = segment.KeyPositions();
        return keys.unsqueeze(1).Minus(keys.narrow(1, segment.Offset, segment.Length).unsqueeze(2));
    }

    private static Tensor Alibi(AlibiConfig alibi, Segment segment)
    {
        var slopes = torch.tensor([.. alibi.Slopes.Select(s => s * alibi.Factor)], torch.float64).view(1, -1, 1, 1);
        return Distance(segment).to(torch.float64).unsqueeze(1).Times(slopes);
    }

    private Tensor Relative(RelativeBiasConfig config, Segment segment)
    {
        if (Table is null)
        {
            throw new InvalidOperationException("A layer without the table of relative biases ran before the one that owns it; run the stack from its first layer.");
        }

        var bucket = Buckets(config, Distance(segment));
        return Table.Value.index_select(0, bucket.reshape(-1)).view([.. bucket.shape, Table.Shape[1]]).permute(0, 3, 1, 2);
    }

    /// <summary>The bucket of each distance, key position minus query position, int64.</summary>
    internal static Tensor Buckets(RelativeBiasConfig config, Tensor distance)
    {
        var half = config.Bidirectional ? config.Buckets / 2 : config.Buckets;
        var exact = half / 2;
        var far = config.Bidirectional ? distance.abs() : distance.neg().AtLeast(0);
        var logarithmic = far.to(torch.float32).AtLeast(1).Over(exact).log().Over(Math.Log((double)config.MaxDistance / exact)).Times(half - exact).to(torch.int64).Plus(exact);
        using var last = ((long)half - 1).ToScalar();
        var bucket = torch.where(far.lt(((long)exact).ToScalar()), far, logarithmic.clamp_max(last));
        return config.Bidirectional ? bucket.Plus(distance.IsAbove(0).to(torch.int64).Times(half)).to(torch.int64) : bucket.to(torch.int64);
    }
}
