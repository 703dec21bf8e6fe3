using Fathom.Loading.Checkpoints.Zip;

namespace Fathom.Loading.Checkpoints.Numpy;

/// <summary>One array of an npz file.</summary>
/// <param name="Tensor">Name, type and shape.</param>
/// <param name="Record">Its entry in the archive.</param>
/// <param name="Begin">Bytes of header before the data.</param>
/// <param name="FortranOrder">True when the first dimension is the contiguous one.</param>
/// <param name="BigEndian">True when the elements are.</param>
internal sealed record NpzArray(StoredTensor Tensor, ZipRecord Record, int Begin, bool FortranOrder, bool BigEndian);
