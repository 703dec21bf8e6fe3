using Fathom.Tests.Fixtures;

namespace Fathom.Cli.Tests;

/// <summary>Commands on an encoder-decoder.</summary>
public sealed class EncoderDecoderCommandTests
{
    private static readonly string Folder = TinyWordPiece.Beside("families/t5");

    public static TheoryData<string> Families => ["t5", "t5-v1.1", "bart", "mbart", "pegasus"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Verify_agrees_with_the_reference_and_knows_every_name_of_its_dump(string family)
    {
        var folder = Fixture.Folder($"families/{family}");
        var result = CliRun.Of(["verify", "model", folder, "--reference", Path.Combine(folder, "golden.safetensors"), "--json"]).Json();
        Assert.True(result.GetProperty("passed").GetBoolean());
        Assert.Equal(0, result.GetProperty("unknown").GetArrayLength());
        Assert.True(result.GetProperty("tensors").GetArrayLength() > 30);
    }

    [Fact]
    public void Generate_answers_a_text()
    {
        var result = CliRun.Of(["generate", "the sun is bright", "-m", Folder, "--max-new-tokens", "3", "--json"]).Json();
        Assert.Equal([0], result.GetProperty("prompt_ids").EnumerateArray().Select(i => i.GetInt32()));
        Assert.InRange(result.GetProperty("samples")[0].GetProperty("new_ids").GetArrayLength(), 1, 3);
    }

    [Fact]
    public void Cache_keeps_the_activations_of_both_stacks_and_verify_reads_them()
    {
        var file = Path.Combine(Fixture.EmptyFolder(), "acts.safetensors");
        var result = CliRun.Of(["cache", "the sun is bright", "-m", Folder, "--out", file, "--json"]).Json();
        var names = result.GetProperty("activations").EnumerateArray().Select(a => a.GetProperty("name").GetString()).ToList();
        Assert.Contains("encoder.1.attn.hook_pattern", names);
        Assert.Contains("decoder.0.cross_attn.hook_pattern", names);
        Assert.True(CliRun.Of(["verify", "model", Folder, "--reference", file, "--json"]).Json().GetProperty("passed").GetBoolean());
    }

    [Fact]
    public void Show_names_the_class_and_its_hooks()
    {
        var result = CliRun.Of(["models", "show", Fixture.Folder("families/t5"), "--json"]).Json();
        Assert.Equal("HookedEncoderDecoder", result.GetProperty("class").GetString());
        Assert.Equal(66016, result.GetProperty("n_params").GetInt64());
        Assert.Contains("decoder.0.hook_cross_attn_out", result.GetProperty("hooks").EnumerateArray().Select(h => h.GetProperty("name").GetString()));
    }

    [Fact]
    public void Commands_that_need_a_decoder_say_so() =>
        CliRun.Of(["test-prompt", "the sun", "is", "-m", Folder]).Failed(ExitCode.Failure, "no decoder but a HookedEncoderDecoder", "fathom generate");
}
