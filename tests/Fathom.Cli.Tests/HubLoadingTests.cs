using Fathom.Hub;
using Fathom.Hub.Tests.Fakes;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Cli.Tests;

/// <summary><c>FromPretrained</c> with names of the hub, from nothing to logits.</summary>
public sealed class HubLoadingTests : HubModels
{
    [Fact]
    public void A_hub_id_is_fetched_once_and_then_loads_without_the_network()
    {
        using var folder = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt2"), Processing.None);
        using var first = HookedTransformer.FromPretrained("owner/small", options: Online);
        Assert.True(Same(folder, first));
        Assert.Equal(113, first.Tokenizer.VocabularySize);
        Assert.DoesNotContain(Hub.Seen, r => r.Path.Contains("msgpack", StringComparison.Ordinal));
        var asked = Hub.Seen.Count;
        using var second = HookedTransformer.FromPretrained("owner/small", options: Online);
        using var offline = HookedTransformer.FromPretrained("owner/small", options: Offline with { Revision = "main" });
        Assert.Equal(asked, Hub.Seen.Count);
        Assert.True(Same(folder, second));
        Assert.True(Same(folder, offline));
        Assert.Equal(first.Source.Revision, offline.Source.Revision);
    }

    [Fact]
    public void An_official_name_its_alias_and_a_checkpoint_of_it_load()
    {
        using var folder = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt-neox"), Processing.None);
        using var alias = HookedTransformer.FromPretrained("Pythia-70M", options: Online);
        using var step = HookedTransformer.FromPretrained("EleutherAI/pythia-70m", options: Online with { Checkpoint = Checkpoint.Step(3000) });
        Assert.True(Same(folder, alias));
        Assert.True(Same(folder, step));
        Assert.Contains(Hub.Seen, r => r.Path.Contains("step3000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_toy_brings_the_end_of_its_training_and_the_tokenizer_that_it_names()
    {
        using TemporaryToy toy = new("solu-ln-2l");
        toy.Save([]);
        using var folder = HookedTransformer.FromPretrained(toy.Path, Processing.None);
        var (model, report) = HookedTransformer.LoadPretrained("solu-1l", options: Online);
        using var owned = model;
        Assert.True(Same(folder, model));
        Assert.Equal("ab", model.Tokenizer.Decode(model.Tokenizer.EncodeToIds("ab")));
        Assert.Contains(report.Notes, n => n.Contains("The tokenizer is that of NeelNanda/gpt-neox-tokenizer-digits", StringComparison.Ordinal));
        Assert.Equal(1, Hub.StorageGets);

        using var early = HookedTransformer.FromPretrained("solu-1l", options: Online with { Checkpoint = Checkpoint.Index(0) });
        using var again = HookedTransformer.FromPretrained("solu-1l", options: Offline with { Checkpoint = Checkpoint.Step(262144) });
        Assert.False(Same(model, early));
        Assert.True(Same(early, again));
        using var last = HookedTransformer.FromPretrained("solu-1l", options: Offline);
        Assert.True(Same(model, last));
        var error = Assert.Throws<UnknownCheckpointException>(() => HookedTransformer.FromPretrained("solu-1l", options: Online with { Checkpoint = Checkpoint.Step(5) }));
        Assert.Contains("262144", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_toy_without_its_tokenizer_computes_and_says_how_to_get_it()
    {
        using (var client = new HubClient(Options(offline: false)))
        {
            await client.EnsureAsync("solu-1l", cancellation: TestContext.Current.CancellationToken);
        }

        using var model = HookedTransformer.FromPretrained("solu-1l", options: Offline);
        Assert.False(model.HasTokenizer);
        var error = Assert.Throws<InvalidOperationException>(() => model.Tokenizer);
        Assert.Contains("fathom models pull NeelNanda/gpt-neox-tokenizer-digits --files tokenizer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_brings_its_base_model()
    {
        using var plain = HookedTransformer.FromPretrained("owner/small", options: Online);
        using var tuned = HookedTransformer.FromPretrained("owner/tuned", options: Online);
        using var scope = torch.NewDisposeScope();
        var change = tuned.Blocks[0].Attn!.WO.Value - plain.Blocks[0].Attn!.WO.Value;
        Assert.Equal(0f, change.min().item<float>(), 1e-5f);
        Assert.Equal(1f, change.max().item<float>(), 1e-5f);
        Assert.Equal("ab", tuned.Tokenizer.Decode(tuned.Tokenizer.EncodeToIds("ab")));
        using var offline = HookedTransformer.FromPretrained("owner/tuned", options: Offline);
        Assert.True(Same(tuned, offline));
    }

    [Fact]
    public void A_repository_with_one_GGUF_file_loads_from_it_alone()
    {
        using var folder = HookedTransformer.FromPretrained(Fixture.Folder("families/llama"), Processing.None);
        using var model = HookedTransformer.FromPretrained("owner/gguf", options: Online);
        using var scope = torch.NewDisposeScope();
        var ids = torch.tensor(new long[,] { { 5, 1, 9, 100, 7, 3 } });
        Assert.True((folder.Forward(ids) - model.Forward(ids)).abs().max().item<float>() < 1e-6);
        Assert.Equal("ab", model.Tokenizer.Decode(model.Tokenizer.EncodeToIds("ab", addSpecialTokens: false)));
        var many = Assert.ThrowsAny<HubException>(() => HookedTransformer.FromPretrained("owner/many", options: Online));
        Assert.Contains("name the one you want, as in owner/many/small-q4.gguf (fathom models pull owner/many/small-q4.gguf)", many.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ModelNotCachedException>(() => HookedTransformer.FromPretrained("owner/many/small-q8.gguf", options: Offline));
        Assert.Equal("fathom models pull owner/many/small-q8.gguf", missing.Command);
        using var one = HookedTransformer.FromPretrained("owner/many/small-q8.gguf", options: Online);
        using var again = HookedTransformer.FromPretrained("owner/many/small-q8.gguf", options: Offline);
        Assert.True(Same(model, one));
        Assert.True(Same(model, again));
        Assert.Equal(2, Hub.StorageGets);
    }

    [Fact]
    public void A_broken_download_never_loads_and_the_next_one_does()
    {
        Hub.AtStorage = Faults.WrongByte();
        var error = Assert.ThrowsAny<HubException>(() => HookedTransformer.FromPretrained("owner/small", options: Online));
        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ModelNotCachedException>(() => HookedTransformer.FromPretrained("owner/small", options: Offline));
        Assert.Contains("fathom models pull owner/small", missing.Message, StringComparison.Ordinal);
        Hub.AtStorage = null;
        using var model = HookedTransformer.FromPretrained("owner/small", options: Online);
        using var folder = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt2"), Processing.None);
        Assert.True(Same(folder, model));
    }

    [Fact]
    public async Task An_adapter_whose_base_is_missing_names_the_base()
    {
        using (var client = new HubClient(Options(offline: false)))
        {
            await client.EnsureAsync("owner/tuned", cancellation: TestContext.Current.CancellationToken);
        }

        var error = Assert.Throws<ModelNotCachedException>(() => HookedTransformer.FromPretrained("owner/tuned", options: Offline));
        Assert.Equal("fathom models pull owner/small", error.Command);
    }
}
