using System.Text.Json.Nodes;
using Fathom.Hub;
using Fathom.Hub.Tests.Fakes;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Cli.Tests;

/// <summary>A fake hub with small real models, an empty cache, and an empty folder for settings.</summary>
public abstract class HubModels : IAsyncLifetime
{
    private const string Digits = "NeelNanda/gpt-neox-tokenizer-digits", Solu = "NeelNanda/SoLU_1L512W_C4_Code";

    private protected HubModels()
    {
        Hub.Add(Repository("owner/small", "families/gpt2"));
        Hub.Add(Repository("EleutherAI/pythia-70m", "families/gpt-neox") with { Revisions = ["main", "step3000"] });
        Hub.Add(Adapter("owner/tuned", "owner/small"));
        Hub.Add(new FakeRepository(Digits, FakeFile.Text("tokenizer.json", TinyBytes.Json(113))));
        Hub.Add(Toy());
        Hub.Add(Gguf("owner/gguf", "gguf-model.gguf"));
        Hub.Add(Gguf("owner/many", "small-q4.gguf", "small-q8.gguf"));
    }

    private protected FakeHub Hub { get; } = new();

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("fathom-hub-models-").FullName;

    private protected LoadOptions Online => new() { Hub = Options(offline: false), Processing = Processing.None };

    private protected LoadOptions Offline => new() { Hub = Options(offline: true), Processing = Processing.None };

    /// <summary>The environment of a command line that sees the fake hub.</summary>
    private protected Dictionary<string, string> Variables => new() { ["HF_ENDPOINT"] = Hub.Endpoint, ["HF_HUB_CACHE"] = Folder, ["XDG_CONFIG_HOME"] = Folder };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether two models give the same bits.</summary>
    private protected static bool Same(HookedTransformer one, HookedTransformer other)
    {
        using var scope = torch.NewDisposeScope();
        var ids = torch.tensor(new long[,] { { 5, 1, 9, 100, 7, 3 } });
        return one.Forward(ids).Equals(other.Forward(ids));
    }

    private protected HubOptions Options(bool offline) => new()
    {
        Endpoint = new Uri(Hub.Endpoint),
        CacheFolder = Folder,
        Offline = offline,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        AnswerTimeout = TimeSpan.FromSeconds(5),
        StallTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>A fixture's config and weights with a tokenizer, and a file of another framework that nobody wants.</summary>
    private protected static FakeRepository Repository(string id, string fixture)
    {
        var folder = Fixture.Folder(fixture);
        return new(id, Small("config.json"), FakeFile.Text("tokenizer.json", TinyBytes.Json(113)), FakeFile.Random("flax_model.msgpack", 1000, 1), new FakeFile("model.safetensors", File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), IsLarge: true));

        FakeFile Small(string name) => new(name, File.ReadAllBytes(Path.Combine(folder, name)), IsLarge: false);
    }

    /// <summary>A toy as its repository looks: config, the end of training, an earlier moment, and no tokenizer of its own.</summary>
    private static FakeRepository Toy()
    {
        using TemporaryToy toy = new("solu-ln-2l");
        toy.Config = JsonNode.Parse($$"""{"d_model": 48, "n_layers": 2, "n_heads": 4, "d_head": 12, "d_mlp": 80, "n_ctx": 64, "d_vocab": 113, "act_fn": "solu_ln", "normalization": "LN", "attn_only": false, "shortformer_pos": false, "tokenizer_name": "{{Digits}}"}""")!.AsObject();
        toy.Save([]);
        var (config, last) = (File.ReadAllText(Path.Combine(toy.Path, "config.json")), File.ReadAllBytes(Path.Combine(toy.Path, "model_final.pth")));
        toy.Tensors["unembed.b_U"].zero_();
        toy.Save([]);
        return new(Solu, FakeFile.Text("config.json", config), new FakeFile("model_final.pth", last, IsLarge: true), new FakeFile("checkpoints/SoLU_1L_000262144.pth", File.ReadAllBytes(Path.Combine(toy.Path, "model_final.pth")), IsLarge: true));
    }

    /// <summary>Nothing but GGUF files, which hold config and tokenizer themselves.</summary>
    private static FakeRepository Gguf(string id, params string[] names)
    {
        var path = Path.Combine(Fixture.EmptyFolder(), "model.gguf");
        GgufConversion.Write(Fixture.Folder("families/llama"), "llama", path, TinyBytes.Tokens(113));
        var bytes = File.ReadAllBytes(path);
        return new(id, [FakeFile.Text("README.md", "# A model"), .. names.Select(name => new FakeFile(name, bytes, IsLarge: true))]);
    }

    /// <summary>Rank 1 on one attention output: column j of the weight grows by j / 47.</summary>
    private static FakeRepository Adapter(string id, string onto)
    {
        var path = Path.Combine(Fixture.EmptyFolder(), "adapter_model.safetensors");
        using var a = torch.ones(1, 48);
        using var b = torch.linspace(0, 1, 48).unsqueeze(1);
        Fathom.Loading.Checkpoints.SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["base_model.model.transformer.h.0.attn.c_proj.lora_A.weight"] = a, ["base_model.model.transformer.h.0.attn.c_proj.lora_B.weight"] = b });
        return new(id, FakeFile.Text("adapter_config.json", $$"""{"peft_type": "LORA", "r": 1, "lora_alpha": 1, "fan_in_fan_out": true, "base_model_name_or_path": "{{onto}}"}"""), new FakeFile("adapter_model.safetensors", File.ReadAllBytes(path), IsLarge: true));
    }
}
