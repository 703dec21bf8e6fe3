using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Tests.Loading.Checkpoints;

public sealed class ShardIndexTests
{
    private static readonly FixturePack Pack = FixturePack.Open("shard-index");

    public static TheoryData<string> Files => [.. Pack.Files.Keys.Where(f => f.EndsWith(".index.json", StringComparison.Ordinal)).Select(f => f["config/".Length..])];

    [Theory]
    [MemberData(nameof(Files))]
    public void Gives_the_verdict_and_the_sentence_of_the_fixture(string file)
    {
        var facts = Pack.Json("config/manifest.json").GetProperty("files").GetProperty(file);
        string expect = facts.GetProperty("expect").GetString()!, sentence = facts.GetProperty("sentence").GetString()!;
        var refusal = Record.Exception(() => ShardIndex.Read(new MemorySource(file, Pack.Files[$"config/{file}"]), ".safetensors"));
        if (expect == "accept" || (expect == "either" && refusal is null))
        {
            Assert.Null(refusal);
            return;
        }

        var invalid = Assert.IsType<InvalidCheckpointException>(refusal);
        if (expect == "either")
        {
            return;
        }

        Assert.Contains(Fragment(file, sentence), invalid.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_mutations_of_an_index()
    {
        byte[][] seeds = [Pack.Files["config/ok.index.json"], Pack.Files["config/metadata_missing.index.json"], Pack.Files["config/subfolder.index.json"]];
        MutationRun.Run(seeds, bytes => ShardIndex.Read(new MemorySource("mutant", bytes), ".safetensors"));
    }

    /// <summary>The manifest's sentence where our message repeats it, else its gist.</summary>
    private static string Fragment(string file, string sentence) => file switch
    {
        "map_duplicate.index.json" => "given twice",
        "case_collision.index.json" => "two names for one file on Windows and macOS",
        _ when file.StartsWith("shard_", StringComparison.Ordinal) => "expected a plain file name ending in .safetensors",
        _ => sentence,
    };
}
