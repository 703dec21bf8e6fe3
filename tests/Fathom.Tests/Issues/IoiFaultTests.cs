using Fathom.Activations;
using Fathom.Configuration;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Patching;
using Fathom.Tokenization;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Issues;

/// <summary>Faults of experiments on who gives what to whom: one beginning, aligned prompts, the answer read where the name would stand.</summary>
public sealed class IoiFaultTests : IDisposable
{
    private readonly HookedTransformer _model = RandomModels.Make(
        new()
        {
            Architecture = "Random",
            DModel = 12,
            DVocab = 13,
            NCtx = 16,
            Blocks = [.. Enumerable.Range(0, 2).Select(_ => new BlockConfig { Mixer = new AttentionConfig { NHeads = 2, NKeyValueHeads = 2, DHead = 4, Scale = 0.5 }, Mlp = new PlainMlpConfig(10, Activation.Gelu, true), Ln1 = new LayerNormConfig(1e-5), Ln2 = new LayerNormConfig(1e-5) })],
            FinalNorm = new LayerNormConfig(1e-5),
        },
        3);

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(true, null, 1)]
    [InlineData(true, true, 1)]
    [InlineData(true, false, 0)]
    [InlineData(false, null, 1)]
    [InlineData(false, true, 1)]
    [InlineData(false, false, 0)]
    public void A_prompt_begins_once_or_not_at_all_whoever_adds_the_beginning(bool addedByTokenizer, bool? asked, int beginnings)
    {
        Speak(addedByTokenizer);
        var result = (Names("John and Mary went and John gave to", "Mary and John went and John gave to") with { PrependBos = asked }).Run(_model);
        Assert.All(new[] { result.Examples[0].FromIds, result.Examples[0].IntoIds }, tokens => Assert.Equal(beginnings, tokens.Count(t => t == 0)));
        Assert.Equal(8 + beginnings, result.Axes[1].Count);
        Assert.Equal(beginnings == 1 ? "(pos 0) <s>" : "(pos 0) Mary", result.Axes[1].Labels[0]);
    }

    [Fact]
    public void The_answer_is_read_at_the_last_token_before_the_name()
    {
        Speak(addedByTokenizer: true);
        var sweep = Names("John and Mary went and John gave to", "Mary and John went and John gave to");
        var result = sweep.Run(_model);
        using var scope = torch.NewDisposeScope();
        var logits = _model.Forward(torch.tensor([.. result.Examples[0].IntoIds.Select(i => (long)i)], torch.int64).unsqueeze(0));
        Assert.Equal("to", result.Examples[0].IntoTokens[^1]);
        Assert.Equal((logits[0, -1, 2] - logits[0, -1, 3]).ToDouble(), result.Metrics[0].Baseline[0], 1e-5);
    }

    [Fact]
    public void Templates_of_unequal_length_are_refused_and_shown_side_by_side_not_shifted()
    {
        Speak(addedByTokenizer: true);
        var error = Assert.Throws<PromptLengthException>(() => Names("John and Mary went and John gave a ball to", "Mary and John went and John gave to").Run(_model));
        Assert.Equal((0, 11, 9), (error.Pair, error.From.Count, error.Into.Count));
        Assert.Contains("From is 11 tokens and Into 9, so position by position patching has no meaning", error.Message, StringComparison.Ordinal);
        Assert.Contains("* 'ball'", error.Message, StringComparison.Ordinal);

        // Templates of several lengths may stand in one batch, as long as no axis says that their positions are the same.
        PatchingSweep both = Names("", "") with
        {
            From = new[] { "John and Mary went and John gave to", "John and Mary went and John gave a ball to" },
            Into = new[] { "Mary and John went and John gave to", "Mary and John went and John gave a ball to" },
        };
        Assert.Contains("Positions of prompts of different lengths (9 to 11 tokens) do not correspond", Assert.Throws<SweepInputException>(() => both.Run(_model)).Message, StringComparison.Ordinal);
        var heads = (both with { Site = Site.Z, Over = [Axis.Layer, Axis.Head] }).Run(_model, new() { CheckCells = SweepOptions.AllCells });
        Assert.Equal(2, heads.Metrics[0].Examples.Count);
        for (var e = 0; e < 2; e++)
        {
            var alone = (Names("", "") with { From = new([both.From[e]]), Into = new([both.Into[e]]), Site = Site.Z, Over = [Axis.Layer, Axis.Head] }).Run(_model);
            Assert.True(Names4L.Distance(alone.Values, heads.Metrics[0].Examples[e]) < 1e-5);
        }
    }

    [Fact]
    public void A_mean_is_taken_over_prompts_at_each_position_and_over_no_padding()
    {
        Speak(addedByTokenizer: true);
        int[][] calibration = [[0, 3, 1, 2, 4], [0, 5, 1, 3, 7], [0, 2, 6, 2, 8]];
        PatchingSweep sweep = new() { From = new[] { 0, 2, 1, 3, 4 }, Into = new[] { 0, 2, 1, 3, 4 }, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = Metric.Logit(5), Replacement = Replacement.Mean(calibration) };
        var result = sweep.Run(_model, new() { CheckCells = SweepOptions.AllCells });
        using var scope = torch.NewDisposeScope();
        using var run = _model.RunWithCache(torch.tensor(calibration.SelectMany(c => c).Select(i => (long)i).ToArray(), torch.int64).view(3, 5));
        for (var position = 0; position < 5; position++)
        {
            var mean = run.Cache["blocks.1.hook_resid_pre"].mean([0L]).select(0, position);
            var logits = _model.RunWithHooks(torch.tensor([0L, 2, 1, 3, 4]).unsqueeze(0), ("blocks.1.hook_resid_pre", (stream, _) =>
            {
                var changed = stream.clone();
                changed.select(1, position).copy_(mean);
                return changed;
            }));
            Assert.Equal(logits[0, -1, 5].ToDouble(), result[1, position], 1e-4);
        }

        var longer = Assert.Throws<SweepInputException>(() => (sweep with { Replacement = Replacement.Mean(new[] { calibration[0], [0, 3, 1, 2, 4, 4] }) }).Run(_model));
        Assert.Contains("has 6 tokens and pair 0 has 5; the mean is taken position by position", longer.Message, StringComparison.Ordinal);
        Assert.Contains("at least one prompt", Assert.Throws<SweepInputException>(() => Replacement.Mean(Array.Empty<int[]>())).Message, StringComparison.Ordinal);
        Assert.Contains("hold a prompt that is itself patched", Assert.Throws<SweepInputException>(() => (sweep with { Replacement = Replacement.Mean(new[] { calibration[0], [0, 2, 1, 3, 4] }) }).Run(_model)).Message, StringComparison.Ordinal);
    }

    private static PatchingSweep Names(string from, string into) =>
        new() { From = from, Into = into, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference("Mary", "John") };

    private void Speak(bool addedByTokenizer)
    {
        string[] words = ["<s>", "[UNK]", "Mary", "John", "and", "went", "gave", "a", "ball", "to"];
        var vocabulary = string.Join(',', words.Select((w, i) => $"\"{w}\":{i}"));
        var beginning = addedByTokenizer
            ? """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}}"""
            : "null";
        var json = $$$"""{"version":"1.0","truncation":null,"padding":null,"added_tokens":[{"id":0,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],"normalizer":null,"pre_tokenizer":{"type":"Whitespace"},"post_processor":{{{beginning}}},"decoder":null,"model":{"type":"WordLevel","vocab":{ {{{vocabulary}}} },"unk_token":"[UNK]"}}""";
        _model.Tokenizer = Tokenizer.FromJson(System.Text.Encoding.UTF8.GetBytes(json));
        _model.SpecialTokens = new(0, [], null);
    }
}
