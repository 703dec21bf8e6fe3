using System.Text.Json.Nodes;
using Fathom.Loading.Checkpoints;

namespace Fathom.Tests.Fixtures;

/// <summary>A toy model's weights and config, to change and to save as TransformerLens's repositories look: config.json beside a <c>.pth</c>.</summary>
internal sealed class TemporaryToy : IDisposable
{
    private readonly string _root = Fixture.EmptyFolder();

    public TemporaryToy(string toy, string folder = "toy")
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(_root, folder)).FullName;
        Config = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Fixture.Folder($"toys/{toy}"), "config.json")))!.AsObject();
        using var weights = Checkpoint.Open(System.IO.Path.Combine(Fixture.Folder($"toys/{toy}"), "model.safetensors"));
        Tensors = weights.Tensors.Keys.ToDictionary(name => name, weights.Read);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What goes to config.json.</summary>
    public JsonObject Config { get; set; }

    /// <summary>What goes to the <c>.pth</c>.</summary>
    public Dictionary<string, Tensor> Tensors { get; set; }

    /// <summary>Makes a model of more layers out of one of two.</summary>
    public void Repeat(int layers)
    {
        Config["n_layers"] = layers;
        foreach (var (name, tensor) in Tensors.Where(t => t.Key.StartsWith("blocks.0.", StringComparison.Ordinal)).ToList())
        {
            for (var layer = 2; layer < layers; layer++)
            {
                Tensors[$"blocks.{layer}{name["blocks.0".Length..]}"] = tensor;
            }
        }
    }

    /// <summary>Writes the folder.</summary>
    /// <param name="more">Tensors that the file holds on top.</param>
    public void Save(IEnumerable<(string Name, Tensor Tensor)> more)
    {
        Dictionary<string, object> state = Tensors.ToDictionary(t => t.Key, t => (object)t.Value);
        foreach (var (name, tensor) in more)
        {
            state.Add(name, tensor);
        }

        TorchSave.Write(System.IO.Path.Combine(Path, "model_final.pth"), state);
        File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), Config.ToJsonString());
    }

    /// <summary>Deletes the folder.</summary>
    public void Dispose() => Directory.Delete(_root, recursive: true);
}
