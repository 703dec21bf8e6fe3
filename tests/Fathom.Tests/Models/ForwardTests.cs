using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Models;

public sealed class ForwardTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_equal_the_reference_in_one_pass_left_padded_and_on_a_cache(bool processed)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Folder("families/gpt2");
        using var model = HookedTransformer.FromPretrained(folder, processed ? Processing.Default : Processing.None);
        using var golden = Checkpoint.Open(Path.Combine(folder, "golden.safetensors"));
        var ids = golden.Read("input_ids");
        Assert.Equal(0, Distance(golden.Read("logits"), model.Forward(ids)), 4);

        var mask = golden.Read("left_padded.attention_mask");
        var padded = model.Forward(golden.Read("left_padded.input_ids"), new() { AttentionMask = mask });
        Assert.Equal(0, Distance(golden.Read("left_padded.logits"), padded, mask), 4);

        using KeyValueCache cache = new();
        var parts = new[] { (0, 5), (5, 3), (8, 1), (9, 2) }.Select(p => model.Forward(ids.narrow(1, p.Item1, p.Item2), new() { Cache = cache })).ToArray();
        Assert.Equal(0, Distance(golden.Read("logits"), torch.cat(parts, 1)), 4);
    }

    [Fact]
    public void A_run_that_stops_early_refuses_a_cache_whose_later_layers_it_would_leave_unwritten()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt2"), Processing.None);
        using KeyValueCache cache = new();
        var ids = torch.tensor([1L, 2, 3]).unsqueeze(0);
        var error = Assert.Throws<TokenInputException>(() => model.Forward(ids, new() { Cache = cache, StopAtLayer = 1 }));
        Assert.Contains("leave the cache out", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, cache.Count);
    }

    private static float Distance(Tensor want, Tensor got, Tensor? mask = null)
    {
        var difference = (want.log_softmax(-1) - got.log_softmax(-1)).abs().amax([-1L]);
        return (mask is null ? difference : difference * mask).max().item<float>();
    }
}
