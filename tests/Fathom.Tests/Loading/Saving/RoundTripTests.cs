using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Quantized;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading.Saving;

/// <summary>Every family's fixture, loaded as it is and saved again.</summary>
public sealed class RoundTripTests
{
    private static readonly LoadOptions Plain = new() { Processing = Processing.None };

    /// <summary>Tied weights that a file holds twice are written once.</summary>
    private static readonly Dictionary<string, string[]> SecondCopies = new()
    {
        ["bert"] = ["cls.predictions.decoder.weight"],
        ["gpt-neo"] = ["lm_head.weight"],
        ["opt"] = ["lm_head.weight"],
        ["roberta"] = ["lm_head.decoder.weight"],
        ["t5"] = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"],
    };

    public static TheoryData<string> HubSpellings => [.. Family.Names.Concat(Family.Encoders).Concat(Family.EncoderDecoders).Where(Family.HasHubSpelling)];

    public static TheoryData<string> Families => [.. Family.Names, .. Family.Encoders, .. Family.EncoderDecoders];

    /// <summary>A table of sines is computed here and by the reference, whatever a file holds.</summary>
    private static readonly Dictionary<string, string[]> Computed = new() { ["pegasus"] = ["model.encoder.embed_positions.weight", "model.decoder.embed_positions.weight"] };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_saved_model_is_the_file_it_was_read_from(string name)
    {
        using var scope = torch.NewDisposeScope();
        var saved = RequireRoundTrip(name, Family.Folder(name), Computed.GetValueOrDefault(name, []));

        // Header, order, padding: Hugging Face's own writer made the fixture, unless it is TransformerLens's.
        var isTheirs = ConfigFile.Read(Path.Combine(Family.Folder(name), "config.json")).TryGetProperty("architectures", out _);
        Assert.True(!isTheirs || Computed.ContainsKey(name) || File.ReadAllBytes(Path.Combine(saved, "model.safetensors")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Family.Folder(name), "model.safetensors"))), "the file differs from the reference's");
    }

    /// <summary>A gain to which a norm adds one is written without it, and the sum may lose a bit in 2^-24; everything else is exact.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Changes_to_every_weight_survive(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = torch.no_grad();
        var folder = Path.Combine(Fixture.EmptyFolder(), "saved");
        using var model = PretrainedModel.Load(Family.Folder(name), Plain).Model;
        using torch.Generator random = new(7, torch.CPU);
        foreach (var weight in model.Weights.Where(w => w.IsBound && w.TiedTo is null))
        {
            weight.Value.mul_(torch.rand([.. weight.Shape], generator: random).mul(0.5f).add(0.75f));
        }

        model.SavePretrained(folder);
        using var again = PretrainedModel.Load(folder, Plain).Model;
        var offsets = ModelLoader.GainOffsets(model);
        Assert.All(model.Weights, w => Assert.Equal((w.IsBound, w.TiedTo?.Name), (again.Weight(w.Name).IsBound, again.Weight(w.Name).TiedTo?.Name)));
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(Golden.Distance(w.Value, again.Weight(w.Name).Value) <= (offsets.ContainsKey(w.Name) ? Math.Pow(2, -24) : 0), w.Name));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_unembedding_of_its_own_is_written_as_one_or_refused(string name)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Path.Combine(Fixture.EmptyFolder(), "saved");
        using var model = PretrainedModel.Load(Family.Folder(name), Plain).Model;
        if (!model.Weights.Any(w => w.Name == "unembed.W_U"))
        {
            return;
        }

        var head = model.Weight("unembed.W_U");
        head.Set(head.Value.mul(1.5f));
        try
        {
            model.SavePretrained(folder);
        }
        catch (UnsavableModelException refusal)
        {
            Assert.Contains("embed.W_E and unembed.W_U hold different numbers", refusal.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder));
            return;
        }

        using var again = PretrainedModel.Load(folder, Plain).Model;
        Assert.Equal(0, Golden.Distance(Logits(model, name), Logits(again, name)));
    }

    /// <summary>The files as the hub spells them hold buffers and second copies too, which are no weights; everything else comes back under the name it had.</summary>
    [Theory]
    [MemberData(nameof(HubSpellings))]
    public void A_saved_model_keeps_the_names_of_old_files(string name)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Copy($"families/{name}");
        File.Move(Path.Combine(folder, "config.hub.json"), Path.Combine(folder, "config.json"), overwrite: true);
        if (Path.Combine(folder, "model.hub.safetensors") is var weights && File.Exists(weights))
        {
            File.Move(weights, Path.Combine(folder, "model.safetensors"), overwrite: true);
        }

        RequireRoundTrip(name, folder, NotSaved(name, folder));
    }

    /// <summary>Encoders of sentences are saved without head and prefix, and with a pooler.</summary>
    [Theory]
    [InlineData("bert", "BertModel", "bert.", "cls.")]
    [InlineData("roberta", "RobertaModel", "roberta.", "lm_head.")]
    [InlineData("gpt2", "GPT2Model", "transformer.", "lm_head.")]
    public void Files_of_the_bare_model_stay_so(string name, string id, string prefix, string head)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Copy($"families/{name}");
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
        config["architectures"] = new JsonArray(id);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        using (var original = Checkpoint.Open(Path.Combine(Family.Folder(name), "model.safetensors")))
        {
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), original.Tensors.Keys.Where(n => !n.StartsWith(head, StringComparison.Ordinal)).ToDictionary(n => n[prefix.Length..], original.Read));
        }

        RequireRoundTrip(name, folder, []);
    }

    private static IReadOnlyList<string> NotSaved(string name, string folder)
    {
        var architecture = Catalogue.Find(Family.ClassOf(name))!;
        using var original = Unpacked(folder);
        var buffers = original.Tensors.Keys.Where(n => architecture.StaleTensors.Any(s => n.EndsWith(s, StringComparison.Ordinal) || (s.EndsWith('*') && n.Contains(s[..^1], StringComparison.Ordinal))));
        return [.. buffers, .. SecondCopies.GetValueOrDefault(name, []), .. Computed.GetValueOrDefault(name, [])];
    }

    private static string RequireRoundTrip(string name, string source, IReadOnlyList<string> notSaved)
    {
        var folder = Path.Combine(Fixture.EmptyFolder(), "saved");
        using var model = PretrainedModel.Load(source, Plain).Model;
        model.SavePretrained(folder);
        using (var original = Unpacked(source))
        using (var saved = Checkpoint.Open(folder))
        {
            Assert.Equal(original.Tensors.Keys.Except(notSaved).Order(), saved.Tensors.Keys.Order());
            Assert.All(saved.Tensors.Keys, t => RequireSame(original, saved, t));
        }

        using var again = PretrainedModel.Load(folder, Plain).Model;
        Assert.Equal(0, Golden.Distance(Logits(model, name), Logits(again, name)));
        return folder;
    }

    private static Checkpoint Unpacked(string folder)
    {
        var config = ConfigFile.Read(Path.Combine(folder, "config.json"));
        return QuantizedCheckpoint.Wrap(Checkpoint.Open(Path.Combine(folder, "model.safetensors")), config.TryGetProperty("quantization_config", out var packing) ? packing : null);
    }

    private static void RequireSame(Checkpoint original, Checkpoint saved, string name)
    {
        var (want, got) = (original.Tensors[name], saved.Tensors[name]);
        // Every fixture holds fp32, but for packed ones, which unpack to bf16; the model is fp32.
        Assert.Equal((StoredType.F32, string.Join(", ", want.Shape)), (got.Type, string.Join(", ", got.Shape)));
        using var stored = original.Read(name);
        using var a = stored.to(torch.float32);
        using var b = saved.Read(name);
        Assert.True(a.bytes.SequenceEqual(b.bytes), $"{name} differs by {Golden.Distance(a, b)}");
    }

    private static Tensor Logits(HookedModel model, string name) => model switch
    {
        StackedModel stacked => stacked.Forward(Family.Ids(name)),
        HookedEncoderDecoder two => two.Forward(Family.Ids(name)),
        _ => throw new InvalidOperationException(),
    };
}
