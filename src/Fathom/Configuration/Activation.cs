namespace Fathom.Configuration;

/// <summary>The nonlinearity of an MLP.</summary>
public enum Activation
{
    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>max(x, 0)²</c>.</summary>
    Relu2,

    /// <summary>GELU through the error function (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    Gelu,

    /// <summary>GELU through its tanh approximation.</summary>
    GeluTanh,

    /// <summary><c>x · sigmoid(1.702 x)</c>.</summary>
    QuickGelu,

    /// <summary><c>x · sigmoid(x)</c>.</summary>
    Silu,

    /// <summary><c>x · softmax(x)</c> over the hidden width (Elhage et al. 2022).</summary>
    Solu,

    /// <summary><c>tanh(x)</c>.</summary>
    Tanh,

    /// <summary>xIELU with trained slopes (Huang and Schlag 2024, arXiv:2411.13010).</summary>
    Xielu,
}
