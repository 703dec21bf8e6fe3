using Fathom.Configuration;
using Fathom.Tensors;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Components;

/// <summary>The nonlinearities by name.</summary>
internal static class Activations
{
    /// <summary>Applies <paramref name="activation"/> elementwise (SoLU: over the last axis).</summary>
    public static Tensor Apply(Activation activation, Tensor x) => activation switch
    {
        Activation.Relu => F.relu(x),
        Activation.Relu2 => F.relu(x).Squared(),
        Activation.Gelu => F.gelu(x),
        Activation.GeluTanh => F.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        Activation.QuickGelu => x.Times(x.Times(1.702).sigmoid()),
        Activation.Silu => F.silu(x),
        Activation.Solu => x.Times(x.softmax(-1)),
        Activation.Tanh => x.tanh(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, $"{activation} has trained parameters; its component applies it."),
    };
}
