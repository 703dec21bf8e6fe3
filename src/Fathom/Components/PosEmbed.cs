using Fathom.Configuration;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Position vectors: a learned table or fixed sines and cosines.</summary>
public sealed class PosEmbed : Component
{
    private readonly PositionConfig _config;
    private readonly long _width;

    internal PosEmbed(PartScope outer, PositionConfig config, int contextLength, string width = "d_model")
        : base(outer)
    {
        _config = config;
        _width = outer.SizeOf(width);
        WPos = config is LearnedPositions learned ? outer.With(("n_ctx", contextLength + learned.Offset)).Weight("W_pos", $"n_ctx {width}") : null;
    }

    /// <summary>The learned table, one row per position (with the family's leading rows); <see langword="null"/> for sines.</summary>
    public Weight? WPos { get; }

    /// <summary>The vector of every row's position.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="dtype">The model's type.</param>
    /// <returns><c>[rows, d_model]</c>.</returns>
    internal Tensor Forward(Pass pass, torch.ScalarType dtype) => _config switch
    {
        LearnedPositions learned => WPos!.Value.index_select(0, learned.Offset == 0 ? pass.Positions : pass.Positions.Plus(learned.Offset).to(torch.int64)),
        SinusoidalPositions sines => Sines(sines, pass).to(dtype),
        var other => throw new ArgumentOutOfRangeException(nameof(pass), other, $"{other.GetType().Name} has no vectors."),
    };

    private Tensor Sines(SinusoidalPositions sines, Pass pass)
    {
        var half = (int)(_width / 2);
        var frequency = torch.tensor([.. Enumerable.Range(0, half).Select(j => Math.Pow(sines.Base, -j / sines.Divisor))], torch.float64).unsqueeze(0);
        var angle = pass.Positions.Plus(sines.Offset).to(torch.float64).unsqueeze(1).Times(frequency);
        return torch.cat([angle.sin(), angle.cos()], 1);
    }
}
