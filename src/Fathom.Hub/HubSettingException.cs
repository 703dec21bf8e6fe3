namespace Fathom.Hub;

/// <summary>Thrown when an environment variable or an option has a value that cannot be meant.</summary>
public sealed class HubSettingException : HubException
{
    internal HubSettingException(string setting, string expected, string found, string advice)
        : base($"{setting}: expected {expected}; found {found}. {advice}") => Setting = setting;

    /// <summary>The variable or option.</summary>
    public string Setting { get; }
}
