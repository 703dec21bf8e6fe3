using Fathom.Tokenization.Verification;

namespace Fathom.Tokenization.Tests.Goldens;

/// <summary>Every case that the reference implementation was asked, for the vocabularies that may be copied; the rest is a documented command.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var archive in (string[])["trained-texts", "trained-pairs-streams-decodes", "real-cases"])
        {
            foreach (var file in Archive.Files(archive).Keys)
            {
                data.Add(archive, file);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Equals_the_reference(string archive, string file)
    {
        using var golden = new MemoryStream(Archive.Files(archive)[file]);

        var report = TokenizerVerification.Run(Archive.Tokenizer(file.Split('/')[0]), golden, file);

        Assert.True(report.Agrees, report.ToString());
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("smollm2")]
    [InlineData("gpt-neox")]
    public void The_general_pipeline_alone_equals_the_reference(string name)
    {
        using var golden = new MemoryStream(Archive.Files("real-cases")[name + "/golden.jsonl"]);

        var report = TokenizerVerification.Run(Archive.General(name), golden, name);

        Assert.True(report.Agrees, report.ToString());
    }

    [Fact]
    public void Equals_the_reference_on_every_scalar()
    {
        // All of them in CI, fewer elsewhere; `fathom verify tokenizer` compares all of them.
        var stride = Environment.GetEnvironmentVariable("CI") == "true" ? 1 : 211;
        List<TokenizerReport> reports = [];

        Archive.Read("all-scalars", (file, golden) =>
            reports.Add(TokenizerVerification.RunScalars(Archive.Tokenizer(file.Split('/')[0]), golden, file, stride)));

        Assert.Equal(49, reports.Count);
        Assert.All(reports, report => Assert.True(report.Agrees, report.ToString()));
    }

    [Fact]
    public void A_wrong_id_is_reported_with_its_text()
    {
        using var golden = new MemoryStream("""{"text":"hello","ids":[1],"offsets":[[0,5]],"special":false,"decoded":"hello","decoded_skip":"hello"}"""u8.ToArray());

        var report = TokenizerVerification.Run(Archive.Tokenizer("gpt2"), golden, "made up");

        Assert.False(report.Agrees);
        Assert.Contains("text \"hello\"", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("expected [1], got [31373]", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_golden_file_agrees_with_nothing() =>
        Assert.False(TokenizerVerification.Run(Archive.Tokenizer("gpt2"), Stream.Null, "empty").Agrees);
}
