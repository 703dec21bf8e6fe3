namespace Fathom.Patching;

/// <summary>How cells are computed.</summary>
public enum SweepPath
{
    /// <summary>Resumes each patch where it acts and packs many patches together.</summary>
    Engine,

    /// <summary>One whole forward run per cell: the reference that the engine is proved against.</summary>
    Plain,
}
