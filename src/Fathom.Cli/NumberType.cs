using System.CommandLine;
using TorchSharp;

namespace Fathom.Cli;

/// <summary>The types that weights can be held and computed in, by the words for them.</summary>
internal static class NumberType
{
    /// <summary>Each type's name, its short name, and the bytes of one number.</summary>
    internal static readonly IReadOnlyList<(string Name, string Short, torch.ScalarType Type, int Bytes)> All =
    [
        ("float32", "fp32", torch.ScalarType.Float32, 4),
        ("bfloat16", "bf16", torch.ScalarType.BFloat16, 2),
        ("float16", "fp16", torch.ScalarType.Float16, 2),
        ("float64", "fp64", torch.ScalarType.Float64, 8),
    ];

    /// <summary>Every word for a type.</summary>
    internal static string[] Words => [.. All.Select(type => type.Name), .. All.Select(type => type.Short)];

    /// <summary>An option whose words are the types; float32 if it is left out.</summary>
    internal static Option<string> Option(string name, string description) =>
        SharedOptions.Choice(name, description, All[0].Name, Words);

    /// <summary>The type of a word that the option has let through.</summary>
    internal static torch.ScalarType Parse(string word) => All.First(type => type.Name == word || type.Short == word).Type;
}
