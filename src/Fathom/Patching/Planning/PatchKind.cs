namespace Fathom.Patching.Planning;

/// <summary>Where in its first block a patch starts to be computed.</summary>
internal enum PatchKind
{
    /// <summary>On entry: the residual stream entering the block is what is replaced.</summary>
    Entry,

    /// <summary>On entry, with replacements made by hooks while the block (and later ones) run: places without a rule of their own, and patches at several places.</summary>
    Block,

    /// <summary>Inside the mixer; joins the others before the MLP.</summary>
    Mixer,

    /// <summary>Between mixer and MLP.</summary>
    Mid,

    /// <summary>Inside the MLP; joins the others after the block.</summary>
    Mlp,

    /// <summary>On leaving the block.</summary>
    Exit,
}
