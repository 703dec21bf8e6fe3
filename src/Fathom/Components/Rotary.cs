using Fathom.Configuration;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Turns some lanes of queries and keys, usually the leading ones, by an angle proportional to position.</summary>
/// <remarks>Source: Su et al. 2021 (arXiv:2104.09864). Angles are taken in 64 bits and rounded once, so that they hold at any position.</remarks>
internal sealed class Rotary(RotaryConfig config)
{
    /// <summary>Rotates.</summary>
    /// <param name="x"><c>[rows, head, d_head]</c>.</param>
    /// <param name="pass">The run; it keeps the tables, shared by all layers with an equal config.</param>
    public Tensor Apply(Tensor x, Pass pass) => config.Start == 0
        ? Leading(x, pass)
        : torch.cat([x.narrow(-1, 0, config.Start), Leading(x.narrow(-1, config.Start, x.shape[^1] - config.Start), pass)], -1);

    private Tensor Leading(Tensor x, Pass pass)
    {
        var table = pass.Table((config, x.dtype), () => Table(pass, x.dtype));
        var (cos, sin) = (table[0], table[1]);
        var pairs = cos.shape[^1];
        var width = x.shape[^1];
        if (config.AdjacentPairs)
        {
            var turning = x.narrow(-1, 0, 2 * pairs).reshape([.. x.shape[..^1], pairs, 2]);
            var (a, b) = (turning.select(-1, 0), turning.select(-1, 1));
            var turned = torch.stack([a.Times(cos).Minus(b.Times(sin)), b.Times(cos).Plus(a.Times(sin))], -1).flatten(-2);
            return 2 * pairs == width ? turned : torch.cat([turned, x.narrow(-1, 2 * pairs, width - (2 * pairs))], -1);
        }

        var (first, second) = (x.narrow(-1, 0, pairs), x.narrow(-1, pairs, pairs));
        var (left, right) = (first.Times(cos).Minus(second.Times(sin)), second.Times(cos).Plus(first.Times(sin)));
        return 2 * pairs == width ? torch.cat([left, right], -1) : torch.cat([left, right, x.narrow(-1, 2 * pairs, width - (2 * pairs))], -1);
    }

    private Tensor[] Table(Pass pass, torch.ScalarType dtype)
    {
        var (frequencies, factor) = RotaryFrequencies.Of(config, pass.LongestRun);
        var frequency = torch.tensor(frequencies, torch.float64).unsqueeze(0);
        var angle = pass.Positions.to(torch.float64).unsqueeze(1).Times(config.Reversed ? frequency.neg() : frequency).unsqueeze(1);
        return [angle.cos().Times(factor).to(torch.float32).to(dtype), angle.sin().Times(factor).to(torch.float32).to(dtype)];
    }
}
