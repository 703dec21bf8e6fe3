using Fathom.Activations;
using Fathom.Architectures;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Issues;

/// <summary>Faults that users met with padding, masks, positions and hooks of encoders in other tools.</summary>
public sealed class EncoderFaultTests : IDisposable
{
    private static readonly long[] Prompt = [3, 14, 15, 92, 65, 35];

    private readonly HookedEncoder _model = HookedEncoder.FromPretrained(Fixture.Folder("families/bert"));

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Positions_of_RoBERTa_count_the_mask_not_the_padding_id()
    {
        using var scope = torch.NewDisposeScope();
        using var roberta = HookedEncoder.FromPretrained(Fixture.Folder("families/roberta"));
        Assert.Equal(64, roberta.Config.NCtx);
        // The padding id 1 as a real token takes part in the text and has a position like any other.
        using var run = roberta.RunWithCache(new long[] { 3, 1, 15, 92 });
        var table = roberta.Embed.PosEmbed!.WPos!.Value;
        Assert.Equal(0, Golden.Distance(table.narrow(0, 2, 4), run.Cache["embed.hook_pos_embed"][0]));
    }

    [Fact]
    public void The_mask_wins_in_the_middle_of_a_text()
    {
        using var scope = torch.NewDisposeScope();
        var without = _model.Run(new long[] { 3, 14, 92, 65, 35 });
        var masked = _model.Run(new long[] { 3, 14, 77, 92, 65, 35 }, new() { AttentionMask = Mask([1, 1, 0, 1, 1, 1]) });
        Assert.Equal(0, Golden.Distance(without.narrow(1, 2, 3), masked.narrow(1, 3, 3)), 4);
    }

    [Fact]
    public void A_mask_is_never_guessed_from_ids()
    {
        _model.SpecialTokens = new(0, [0], 0);
        using var run = _model.RunWithCache(new long[] { 0, 3, 0, 0 }, "blocks.0.attn.hook_pattern");
        Assert.True(run.Cache["pattern0"].min().item<float>() > 0);
    }

    [Fact]
    public void Fully_masked_rows_are_zeros_and_nothing_is_a_NaN()
    {
        using var scope = torch.NewDisposeScope();
        var ids = torch.tensor(new long[,] { { 3, 14, 15 }, { 7, 8, 9 } });
        using var run = _model.RunWithCache(ids, options: new() { Run = new() { AttentionMask = torch.tensor(new long[,] { { 1, 1, 1 }, { 0, 0, 0 } }) } });
        Assert.Equal(0, run.Cache["pattern0"][1].abs().max().item<float>());
        Assert.All(run.Cache, a => Assert.False(a.Value.isnan().any().item<bool>(), a.Key));
        Assert.Equal(0, Golden.Distance(_model.Run(new long[] { 3, 14, 15 }), run.Logits.narrow(0, 0, 1)), 4);
    }

    [Fact]
    public void A_text_longer_than_the_table_of_positions_is_refused_with_and_without_a_mask()
    {
        var ids = Enumerable.Repeat(5L, 65).ToArray();
        Assert.Contains("context is 64", Assert.Throws<TokenInputException>(() => _model.Run(ids)).Message, StringComparison.Ordinal);
        Assert.Contains("context is 64", Assert.Throws<TokenInputException>(() => _model.Run(ids, new() { AttentionMask = Mask([.. Enumerable.Repeat(1, 65)]) })).Message, StringComparison.Ordinal);
        using var padded = _model.Run(ids, new() { AttentionMask = Mask([0, .. Enumerable.Repeat(1, 64)]) });
        Assert.Equal(65, padded.shape[1]);
    }

    [Fact]
    public void A_window_is_two_sided_also_when_it_is_nearly_as_wide_as_the_text()
    {
        using var scope = torch.NewDisposeScope();
        using var modern = HookedEncoder.FromPretrained(Fixture.Folder("families/modernbert"));
        var window = modern.Blocks[1].Attn!.Config.Window!.Value;
        Assert.Equal(4, window);
        using var run = modern.RunWithCache(new long[] { 3, 14, 15, 92 }, "blocks.1.attn.hook_pattern");
        var pattern = run.Cache["pattern1"];
        Assert.Equal(0, pattern[0, 0, 0, 3].item<float>());
        Assert.Equal(0, pattern[0, 0, 3, 0].item<float>());
        Assert.True(pattern[0, 0, 0, 2].item<float>() > 0);
    }

    [Fact]
    public void Native_memory_is_flat_over_runs_with_hooks_that_throw_half_of_the_time()
    {
        using var deberta = HookedEncoder.FromPretrained(Fixture.Folder("families/deberta-v2"));
        void Round(int i)
        {
            try
            {
                using var run = deberta.RunWithCache(Prompt);
                using var output = deberta.Run(Prompt, new() { Hooks = [("blocks.1.attn.hook_pattern", (_, _) => i % 2 == 0 ? null : throw new InvalidOperationException("stop"))] });
            }
            catch (InvalidOperationException e) when (e.Message == "stop")
            {
                // Half of the runs end here, and must leave nothing behind.
            }
        }

        long After(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                Round(i);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            return torch.Tensor.TotalCount;
        }

        var before = After(8);
        Assert.InRange(After(100) - before, -50, 50);
    }

    [Theory]
    [InlineData("bert", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "num_attention_heads")]
    [InlineData("distilbert", "\"n_heads\": 4", "\"n_heads\": 5", "n_heads")]
    [InlineData("roberta", "\"pad_token_id\": 1", "\"pad_token_id\": 65", "pad_token_id")]
    [InlineData("albert", "\"inner_group_num\": 1", "\"inner_group_num\": 2", "inner_group_num")]
    [InlineData("deberta-v2", "\"position_buckets\": 8", "\"position_buckets\": 2", "position_buckets")]
    [InlineData("deberta-v2", "\"share_att_key\": true", "\"share_att_key\": false", "share_att_key")]
    [InlineData("deberta-v2", "\"legacy\": true", "\"legacy\": true, \"conv_kernel_size\": 3", "conv_kernel_size")]
    public void A_config_that_asks_for_something_else_is_refused_by_its_key(string family, string was, string becomes, string key)
    {
        var folder = Fixture.Copy($"families/{family}");
        var config = Path.Combine(folder, "config.json");
        var text = File.ReadAllText(config);
        Assert.Contains(was, text, StringComparison.Ordinal);
        File.WriteAllText(config, text.Replace(was, becomes, StringComparison.Ordinal));
        Assert.Contains(key, Assert.Throws<ConfigException>(() => HookedEncoder.FromPretrained(folder)).Keys);
    }

    [Theory]
    [InlineData("bert", "\"directionality\": \"bidi\", \"pooler_fc_size\": 768, \"pooler_num_attention_heads\": 12, \"pooler_num_fc_layers\": 3, \"pooler_size_per_head\": 128, \"pooler_type\": \"first_token_transform\"")]
    [InlineData("roberta", "\"output_past\": true, \"position_embedding_type\": \"absolute\"")]
    [InlineData("albert", "\"down_scale_factor\": 1, \"gap_size\": 0, \"layers_to_keep\": [], \"net_structure_type\": 0, \"num_memory_blocks\": 0")]
    [InlineData("modernbert", "\"layer_norm_eps\": 1e-05, \"position_embedding_type\": \"absolute\", \"repad_logits_with_grad\": false, \"reference_compile\": null")]
    public void Keys_that_the_first_files_of_a_family_hold_and_nobody_reads_are_known(string family, string keys)
    {
        var folder = Fixture.Copy($"families/{family}");
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, $"{{ {keys}, {File.ReadAllText(config).TrimStart().TrimStart('{')}");
        using var scope = torch.NewDisposeScope();
        using var plain = HookedEncoder.FromPretrained(Fixture.Folder($"families/{family}"));
        using var model = HookedEncoder.FromPretrained(folder);
        Assert.True(plain.Run(Prompt).Equals(model.Run(Prompt)));
    }

    [Fact]
    public void A_BERT_that_was_made_a_decoder_is_refused_by_its_key()
    {
        var folder = Fixture.Copy("families/bert");
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"is_decoder\": false", "\"is_decoder\": true", StringComparison.Ordinal));
        Assert.Contains("is_decoder", Assert.Throws<ConfigException>(() => HookedEncoder.FromPretrained(folder)).Keys);
    }

    [Fact]
    public void A_named_hook_that_cannot_fire_is_an_error()
    {
        Assert.Throws<HookNeverFiredException>(() => _model.Run(Prompt, new() { StopAtLayer = 1, Hooks = [("mlm_head.ln.hook_scale", (_, _) => null)] }));
        Assert.Throws<UnknownHookException>(() => _model.Run(Prompt, new() { Hooks = [("blocks.0.hook_attn_ot", (_, _) => null)] }));
    }

    private static Tensor Mask(int[] mask) => torch.tensor([.. mask.Select(m => (long)m)], torch.int64).unsqueeze(0);
}
