using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Tests.Loading.Checkpoints;

/// <summary>Tensors of a test as a safetensors file.</summary>
internal static class MemoryCheckpoint
{
    /// <summary>Writes the tensors, disposes them, and opens the bytes.</summary>
    public static Checkpoint Of(params (string Name, Tensor Tensor)[] tensors)
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(folder.File("a.safetensors"), tensors.ToDictionary(t => t.Name, t => t.Tensor));
        foreach (var (_, tensor) in tensors)
        {
            tensor.Dispose();
        }

        return new SafetensorsFile(new MemorySource("a.safetensors", File.ReadAllBytes(folder.File("a.safetensors"))));
    }

    /// <summary>Reads a tensor's values as fp32.</summary>
    public static float[] Floats(Checkpoint checkpoint, string name)
    {
        using var tensor = checkpoint.Read(name);
        using var single = tensor.to(torch.float32);
        return [.. single.data<float>()];
    }
}
