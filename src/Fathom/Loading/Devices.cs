namespace Fathom.Loading;

/// <summary>Reads device names.</summary>
internal static class Devices
{
    /// <summary>Parses <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>mps</c>.</summary>
    /// <exception cref="ArgumentException">The name is unknown, or the device is not there.</exception>
    public static torch.Device Parse(string name)
    {
        var kind = name.Split(':')[0];
        if (kind is not ("cpu" or "cuda" or "mps") || (name.Contains(':', StringComparison.Ordinal) && !int.TryParse(name.Split(':')[1], out _)))
        {
            throw new ArgumentException($"'{name}' is no device. Expected cpu, cuda, cuda:N or mps.", nameof(name));
        }

        if (kind == "cuda" && !torch.cuda.is_available())
        {
            throw new ArgumentException($"Device '{name}' is not there: this process has no CUDA device, or no CUDA build of libtorch. Reference a TorchSharp-cuda package, or use cpu.", nameof(name));
        }

        return torch.device(name);
    }
}
