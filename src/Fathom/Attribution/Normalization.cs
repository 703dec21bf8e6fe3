using Fathom.Components;

namespace Fathom.Attribution;

/// <summary>Norms of rows by their own statistics.</summary>
internal static class Normalization
{
    /// <summary>Norms every vector by itself, gain and bias included.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="rows"><c>[..., d_model]</c>.</param>
    public static Tensor Own(Norm norm, Tensor rows)
    {
        using Pass idle = new([], Hooks.ActiveHooks.None);
        return norm.Forward(rows.reshape(-1, rows.shape[^1]), idle).view(rows.shape);
    }
}
