using Fathom.Activations;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Models;

/// <summary>Encoders saved without the head that predicts words, as embeddings of texts are.</summary>
public sealed class BareEncoderTests
{
    public static TheoryData<string, string, string, string> Families => new()
    {
        { "bert", "BertForMaskedLM", "BertModel", "bert." },
        { "roberta", "RobertaForMaskedLM", "RobertaModel", "roberta." },
        { "distilbert", "DistilBertForMaskedLM", "DistilBertModel", "distilbert." },
        { "electra", "ElectraForMaskedLM", "ElectraModel", "electra." },
        { "albert", "AlbertForMaskedLM", "AlbertModel", "albert." },
        { "modernbert", "ModernBertForMaskedLM", "ModernBertModel", "model." },
        { "deberta-v2", "DebertaV2ForMaskedLM", "DebertaV2Model", "deberta." },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void The_output_is_the_last_hidden_state_of_the_reference(string family, string with, string without, string prefix)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = Checkpoint.Open(Path.Combine(Fixture.Folder($"families/{family}"), "golden.safetensors"));
        using var model = HookedEncoder.FromPretrained(Bare(family, with, without, prefix));
        var types = golden.Tensors.ContainsKey("token_type_ids") ? golden.Read("token_type_ids") : null;
        var output = model.Forward(golden.Read("input_ids"), new() { TokenTypes = types });
        // Where no norm follows the last layer, its output is the last hidden state, and the fixture holds it once.
        var last = model.LnFinal is null ? $"resid_post.{model.Config.NLayers - 1}" : $"hidden_states.{model.Config.NLayers}";
        Assert.InRange(Golden.Distance(golden.Read(last), output), 0, 1e-4);
        Assert.DoesNotContain(model.HookPoints, p => p.Name.StartsWith("unembed", StringComparison.Ordinal) || p.Name.StartsWith("mlm_head", StringComparison.Ordinal));
        using var run = model.RunWithCache(golden.Read("input_ids"), NameFilter.All);
        Assert.Equal(model.Config.DModel, run.Logits.shape[2]);
    }

    [Fact]
    public void Masked_tokens_of_a_file_without_the_head_are_refused()
    {
        using var model = HookedEncoder.FromPretrained(Bare("bert", "BertForMaskedLM", "BertModel", "bert."));
        Assert.Contains("BertModel, saved without the head", Assert.Throws<TokenInputException>(() => model.PredictMasks(new long[] { 4, 5 })).Message, StringComparison.Ordinal);
    }

    /// <summary>A copy of a fixture as the class without a head saves it: its own tensors only, without the prefix.</summary>
    private static string Bare(string family, string with, string without, string prefix)
    {
        var folder = Fixture.Copy($"families/{family}");
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace(with, without, StringComparison.Ordinal));
        var weights = Path.Combine(folder, "model.safetensors");
        using var scope = torch.NewDisposeScope();
        Dictionary<string, Tensor> kept;
        using (var full = Checkpoint.Open(weights))
        {
            kept = full.Tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(n => n[prefix.Length..], n => full.Read(n));
        }

        File.Delete(Path.Combine(folder, "model.hub.safetensors"));
        SafetensorsWriter.Write(weights, kept);
        return folder;
    }
}
