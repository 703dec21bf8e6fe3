using System.Globalization;

namespace Fathom.Loading;

/// <summary>Reads device names.</summary>
internal static class Devices
{
    /// <summary>Parses <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>mps</c>.</summary>
    /// <exception cref="ArgumentException">The name is unknown, or the device is not there.</exception>
    public static torch.Device Parse(string name)
    {
        var parts = name.Split(':');
        var index = 0;
        if (parts is not (["cpu"] or ["mps"] or ["cuda"] or ["cuda", _]) || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            throw new ArgumentException($"'{name}' is no device. Expected cpu, cuda, cuda:N or mps.", nameof(name));
        }

        if (parts[0] == "cuda" && !torch.cuda.is_available())
        {
            throw new ArgumentException($"Device '{name}' is not there: this process has no CUDA device, or no CUDA build of libtorch. Reference a TorchSharp-cuda package, or use cpu.", nameof(name));
        }

        if (parts[0] == "cuda" && index >= torch.cuda.device_count())
        {
            throw new ArgumentException($"Device '{name}' is not there: this process sees {torch.cuda.device_count()} CUDA device{(torch.cuda.device_count() == 1 ? ", cuda:0" : $"s, cuda:0 to cuda:{torch.cuda.device_count() - 1}")}.", nameof(name));
        }

        if (parts[0] == "mps" && !torch.mps_is_available())
        {
            throw new ArgumentException($"Device '{name}' is not there: only Macs with Apple's own processors have it. Use cpu.", nameof(name));
        }

        return torch.device(name);
    }
}
