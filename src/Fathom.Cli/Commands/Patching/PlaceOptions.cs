using System.CommandLine;
using Fathom.Patching;
using Fathom.Tensors;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The options that say which places are patched.</summary>
internal sealed class PlaceOptions
{
    private static readonly Dictionary<string, Axis> Axes = new(StringComparer.Ordinal)
    {
        ["layer"] = Axis.Layer, ["pos"] = Axis.Position, ["head"] = Axis.Head, ["query_pos"] = Axis.Destination, ["key_pos"] = Axis.Source, ["d_mlp"] = Axis.Neuron, ["expert"] = Axis.Expert,
        ["position"] = Axis.Position, ["destination"] = Axis.Destination, ["source"] = Axis.Source, ["neuron"] = Axis.Neuron,
        ["kv_head"] = Axis.Head, ["d_model"] = new("d_model"), ["d_head"] = new("d_head"),
    };

    private readonly Option<string> _site = new("--site") { Description = $"{string.Join(", ", Site.All.Select(site => site.Name))}, or a hook name with {{i}} for the layer [residual_stream]", HelpName = "SITE", DefaultValueFactory = _ => "residual_stream" };
    private readonly Option<string> _over = new("--over") { Description = "The axes swept, with commas: layer, pos, head, query_pos, key_pos, d_mlp, d_model, d_head, expert [layer,pos]", HelpName = "AXES", DefaultValueFactory = _ => "layer,pos" };
    private readonly Option<string?> _layers = Indices("--layers", "Only these layers");
    private readonly Option<string?> _positions = Indices("--positions", "Only these positions");
    private readonly Option<string?> _heads = Indices("--heads", "Only these heads");
    private readonly Option<string?> _sources = Indices("--sources", "Only these key positions");
    private readonly Option<string?> _neurons = Indices("--neurons", "Only these neurons");

    internal void AddTo(Command command)
    {
        _site.CompletionSources.Add([.. Site.All.Select(site => site.Name)]);
        foreach (Option option in new Option[] { _site, _over, _layers, _positions, _heads, _sources, _neurons })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the user named a site or axes.</summary>
    internal bool Given(Invocation run) => run.Given(_site) || run.Given(_over);

    /// <summary>The places.</summary>
    /// <exception cref="CommandException">The options do not describe any.</exception>
    internal Places Read(Invocation run) => new()
    {
        Site = Site.Named(run.Value(_site)!),
        Over = AxesOf("--over", run.Value(_over)!),
        Layers = IndexList.Parse("--layers", run.Value(_layers)),
        Positions = IndexList.Parse("--positions", run.Value(_positions)),
        Heads = IndexList.Parse("--heads", run.Value(_heads)),
        Sources = IndexList.Parse("--sources", run.Value(_sources)),
        Neurons = IndexList.Parse("--neurons", run.Value(_neurons)),
    };

    internal static Option<string?> Indices(string name, string description) => new(name) { Description = $"{description}, e.g. 0-3,7 or -1 [all]", HelpName = "LIST" };

    /// <summary>The axes that a list with commas names.</summary>
    internal static IReadOnlyList<Axis> AxesOf(string option, string words) => [.. words.Split(',').Select(word => AxisOf(option, word.Trim()))];

    private static Axis AxisOf(string option, string word) => Axes.TryGetValue(word, out var axis)
        ? axis
        : throw CommandException.Usage($"{option} has no axis '{word}'.{Nearest.Question(word, Axes.Keys)} The axes are layer, pos, head, query_pos, key_pos, d_mlp, d_model, d_head and expert.");
}
