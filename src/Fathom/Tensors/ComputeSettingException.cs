namespace Fathom.Tensors;

/// <summary>Thrown when a setting of the compute policy cannot be honoured.</summary>
public sealed class ComputeSettingException : Exception
{
    internal ComputeSettingException(string setting, string value, string expected)
        : base($"{setting} is '{value}', but must be {expected}. Correct it, or remove it to let Fathom choose.")
    {
        Setting = setting;
        Value = value;
    }

    /// <summary>The environment variable or option.</summary>
    public string Setting { get; }

    /// <summary>The value found.</summary>
    public string Value { get; }
}
