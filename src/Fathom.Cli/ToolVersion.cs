using System.Reflection;

namespace Fathom.Cli;

/// <summary>The version of this tool.</summary>
internal static class ToolVersion
{
    internal static string Number { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
