namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>Where the bytes of a root storage lie.</summary>
/// <param name="Begin">Position in the file.</param>
/// <param name="Check">Verifies the bytes before their first use, or null where the format has no checksum.</param>
internal sealed record TorchRecord(long Begin, Action? Check);
