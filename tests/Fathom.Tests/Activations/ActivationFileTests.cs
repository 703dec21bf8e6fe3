using Fathom.Activations;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Verification;

namespace Fathom.Tests.Activations;

public sealed class ActivationFileTests
{
    private static readonly int[] Ids = [1, 5, 3, 9];

    [Theory]
    [InlineData("acts.safetensors")]
    [InlineData("acts.npz")]
    public void Activations_and_gradients_come_back_as_they_were_with_where_they_came_from(string name)
    {
        using var model = Model();
        using var run = model.RunWithCache(Ids, options: new() { GradientOf = logits => logits[0, -1, 7] });
        var path = Path.Combine(Fixture.EmptyFolder(), name);
        run.Cache.Save(path, new Dictionary<string, string> { ["seed"] = "11" });
        using var back = ActivationCache.Load(path, model);
        Assert.Equal(run.Cache.Names.Order(), back.Names.Order());
        Assert.All(run.Cache, a => Assert.True(a.Value.Equals(back[a.Key]), a.Key));
        Assert.NotEmpty(run.Cache.Gradients);
        Assert.Equal(run.Cache.Gradients.Count, back.Gradients.Count);
        Assert.All(run.Cache.Gradients, g => Assert.True(g.Value.Equals(back.Gradients[g.Key]), g.Key));
        using var file = Checkpoint.Open(path);
        Assert.Equal((model.Source.Name, "none", "none", "Float32", "cpu", "11"), (file.Metadata["model"], file.Metadata["revision"], file.Metadata["processing"], file.Metadata["dtype"], file.Metadata["device"], file.Metadata["seed"]));
        Assert.NotEqual("unknown", file.Metadata["fathom_version"]);
    }

    [Fact]
    public void A_cache_without_its_batch_axis_comes_back_without_it()
    {
        using var model = Model();
        using var run = model.RunWithCache(Ids, "blocks.*.hook_resid_post");
        var path = Path.Combine(Fixture.EmptyFolder(), "acts.safetensors");
        using var one = run.Cache.RemoveBatchDim();
        one.Save(path);
        using var back = ActivationCache.Load(path, model);
        Assert.False(back.HasBatchDim);
        Assert.Equal(2, back["blocks.0.hook_resid_post"].dim());
    }

    [Theory]
    [InlineData("run.safetensors")]
    [InlineData("run.npz")]
    public void A_saved_run_holds_ids_and_logits_and_agrees_with_the_model_that_made_it(string name)
    {
        using var model = Model();
        using var run = model.RunWithCache(Ids, "blocks.*.hook_resid_post");
        var path = Path.Combine(Fixture.EmptyFolder(), name);
        run.Save(path);
        using (var file = Checkpoint.Open(path))
        {
            Assert.Equal(Ids, file.Read("input_ids").data<long>().Select(i => (int)i));
            Assert.True(file.Read("logits").Equals(run.Logits));
            var report = ModelVerification.Compare(model, file);
            Assert.True(report.Passed, report.ToString());
            Assert.Equal(run.Cache.Count + 2, report.Tensors.Count);
        }

        using var back = ActivationCache.Load(path, model);
        Assert.Equal(run.Cache.Names, back.Names);
    }

    [Fact]
    public void A_run_without_its_batch_axis_and_one_that_stops_early_say_so_in_the_file()
    {
        using var model = Model();
        using var run = model.RunWithCache(Ids, "blocks.0.hook_resid_post", new() { Run = new() { StopAtLayer = 1 } });
        var path = Path.Combine(Fixture.EmptyFolder(), "run.safetensors");
        using var one = new CachedRun(run.Logits.clone(), run.Cache.RemoveBatchDim());
        one.Save(path);
        using var file = Checkpoint.Open(path);
        Assert.Equal([4], file.Tensors["input_ids"].Shape);
        Assert.Equal([4, model.Config.DModel], file.Tensors["output"].Shape);
        Assert.False(file.Tensors.ContainsKey("logits"));
        using var slice = new CachedRun(run.Logits.clone(), run.Cache.SliceBatch(..1));
        Assert.Contains("does not know which ids ran", Assert.Throws<InvalidOperationException>(() => slice.Save(path, overwrite: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replaces_a_file_only_when_asked_and_leaves_nothing_half_written()
    {
        using var model = Model();
        using var run = model.RunWithCache(Ids, "blocks.0.hook_resid_post");
        var path = Path.Combine(Fixture.EmptyFolder(), "acts.safetensors");
        File.WriteAllText(path, "mine");
        Assert.Contains("overwrite: true", Assert.Throws<IOException>(() => run.Cache.Save(path)).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));
        run.Cache.Save(path, overwrite: true);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        Assert.Contains(".safetensors or .npz", Assert.Throws<ArgumentException>(() => run.Cache.Save(path + ".txt")).Message, StringComparison.Ordinal);
        Assert.Contains("'model' is written from the cache itself", Assert.Throws<ArgumentException>(() => run.Cache.Save(path, new Dictionary<string, string> { ["model"] = "x" }, overwrite: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Activations_of_another_model_or_processing_are_refused()
    {
        using var model = Model();
        using var run = model.RunWithCache(Ids, "blocks.0.hook_resid_post");
        var path = Path.Combine(Fixture.EmptyFolder(), "acts.safetensors");
        run.Cache.Save(path);
        using var other = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt2"), Processing.None);
        Assert.Contains("holds activations of model", Assert.Throws<ArgumentException>(() => ActivationCache.Load(path, other)).Message, StringComparison.Ordinal);
        using var folded = HookedTransformer.FromPretrained(Fixture.Folder("families/llama"));
        Assert.Contains("of processing 'none'", Assert.Throws<ArgumentException>(() => ActivationCache.Load(path, folded)).Message, StringComparison.Ordinal);
        Assert.Contains("no file of saved activations", Assert.Throws<ArgumentException>(() => ActivationCache.Load(Path.Combine(Fixture.Folder("families/llama"), "model.safetensors"), model)).Message, StringComparison.Ordinal);
    }

    private static HookedTransformer Model() => HookedTransformer.FromPretrained(Fixture.Folder("families/llama"), Processing.None);
}
