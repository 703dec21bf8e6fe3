using System.Text.Json;
using Fathom.Tests.Fixtures;

namespace Fathom.Cli.Tests;

/// <summary>Commands on an encoder.</summary>
public sealed class EncoderCommandTests
{
    private static readonly string Folder = TinyWordPiece.Beside("families/bert");

    public static TheoryData<string> Encoders => ["bert", "roberta", "distilbert", "electra", "albert", "modernbert", "modernbert-decoder", "deberta-v2"];

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Verify_agrees_with_the_reference_and_knows_every_name_of_its_dump(string family)
    {
        var folder = Fixture.Folder($"families/{family}");
        var result = CliRun.Of(["verify", "model", folder, "--reference", Path.Combine(folder, "golden.safetensors"), "--json"]).Json();
        Assert.True(result.GetProperty("passed").GetBoolean());
        Assert.Equal(0, result.GetProperty("unknown").GetArrayLength());
    }

    [Fact]
    public void Predict_fills_every_masked_token()
    {
        var result = CliRun.Of(["predict", "the [MASK] is [MASK].", "-m", Folder, "--top", "3", "--json"]).Json();
        Assert.Equal([2, 4], result.GetProperty("masks").EnumerateArray().Select(m => m.GetProperty("position").GetInt32()));
        Assert.All(result.GetProperty("masks").EnumerateArray(), m => Assert.Equal(3, m.GetProperty("top").GetArrayLength()));
        Assert.Equal("[CLS]", result.GetProperty("tokens")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Predict_without_a_masked_token_says_what_to_write() =>
        CliRun.Of(["predict", "the sun", "-m", Folder]).Failed(ExitCode.Usage, "no masked token", "write [MASK]");

    [Fact]
    public void Cache_keeps_the_activations_of_an_encoder()
    {
        var result = CliRun.Of(["cache", "the sun", "-m", Folder, "--names", "*hook_pattern", "--json"]).Json();
        Assert.Equal(2, result.GetProperty("activations").GetArrayLength());
    }

    [Fact]
    public void Show_names_the_class_and_its_hooks()
    {
        var result = CliRun.Of(["models", "show", Fixture.Folder("families/albert"), "--json"]).Json();
        Assert.Equal("HookedEncoder", result.GetProperty("class").GetString());
        Assert.Equal(26529, result.GetProperty("n_params").GetInt64());
        Assert.Contains("embed.hook_token_type_embed", result.GetProperty("hooks").EnumerateArray().Select(h => h.GetProperty("name").GetString()));
    }

    [Fact]
    public void Patch_of_an_encoder_or_encoder_decoder_says_what_it_needs()
    {
        foreach (var (family, kind) in new[] { ("bert", "HookedEncoder"), ("t5", "HookedEncoderDecoder") })
        {
            CliRun.Of(["patch", "--from", "the sun", "--into", "the moon", "--answer", "a", "-m", Fixture.Folder($"families/{family}")]).Failed(ExitCode.Failure, $"no decoder but a {kind}", "this command needs what a decoder says next");
        }
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("test-prompt")]
    public void Commands_that_need_a_decoder_say_so(string command) =>
        CliRun.Of(command == "generate" ? [command, "the sun", "-m", Folder] : [command, "the sun", "is", "-m", Folder]).Failed(ExitCode.Failure, "no decoder but a HookedEncoder", "fathom predict");
}
