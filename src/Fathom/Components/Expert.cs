using Fathom.Hooks;

namespace Fathom.Components;

/// <summary>The hook points of one expert. Each shows all positions: those that do not go to this expert are zero there, and what is written to them changes nothing.</summary>
public sealed class Expert : Component
{
    internal Expert(PartScope scope)
        : base(scope)
    {
        HookGate = scope.Point("hook_gate", "batch pos d_mlp");
        HookPre = scope.Point("hook_pre", "batch pos d_mlp");
        HookPost = scope.Point("hook_post", "batch pos d_mlp");
    }

    /// <summary>The gate before its nonlinearity.</summary>
    public HookPoint HookGate { get; }

    /// <summary>The branch that the gate multiplies.</summary>
    public HookPoint HookPre { get; }

    /// <summary>Gated neurons, as <c>W_out</c> reads them.</summary>
    public HookPoint HookPost { get; }

    /// <summary>Whether anyone listens here.</summary>
    internal bool IsHeard(Pass pass) => pass.Listens(HookGate) || pass.Listens(HookPre) || pass.Listens(HookPost);
}
