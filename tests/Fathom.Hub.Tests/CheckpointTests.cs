namespace Fathom.Hub.Tests;

public sealed class CheckpointTests
{
    [Theory]
    [InlineData("pythia-70m", 154, 0, 143_000)]
    [InlineData("pythia-70m-deduped", 154, 0, 143_000)]
    [InlineData("pythia-70m-v0", 143, 1000, 143_000)]
    [InlineData("stanford-gpt2-small-a", 609, 0, 400_000)]
    public void Knows_the_published_schedules(string name, int count, long first, long last)
    {
        var values = CheckpointList.Of(name).Values;

        Assert.Equal((count, first, last), (values.Count, values[0], values[^1]));
        Assert.Equal(values.Order(), values);
    }

    [Theory]
    [InlineData("pythia-70m", 3000, "step3000", 13)]
    [InlineData("pythia-70m", 512, "step512", 10)]
    [InlineData("pythia-19m-v0", 1000, "step1000", 0)]
    [InlineData("stanford-gpt2-medium-b", 90, "checkpoint-90", 9)]
    [InlineData("stanford-gpt2-medium-b", 400_000, "checkpoint-400000", 608)]
    public void A_step_is_a_revision(string name, long step, string revision, int index)
    {
        var list = CheckpointList.Of(name);
        var expected = new SavedCheckpoint(step, "step", index, revision, null);

        Assert.Equal(expected, list.At(Checkpoint.Step(step)));
        Assert.Equal(expected, list.At(Checkpoint.Index(index)));
        Assert.Equal(expected, list.At(Checkpoint.Index(index - list.Values.Count)));
        Assert.Equal(expected, list.At(Checkpoint.Label(revision)));
        Assert.Equal(expected, list.At(Checkpoint.Parse($"{step}")));
        Assert.Equal(expected, list.At(Checkpoint.Parse(revision)));
    }

    [Fact]
    public void Says_which_steps_are_near()
    {
        var error = Assert.Throws<UnknownCheckpointException>(() => CheckpointList.Of("pythia-70m").At(Checkpoint.Step(2700)));

        Assert.Equal([2000, 3000, 4000], error.Nearest.Order());
        Assert.Equal("EleutherAI/pythia-70m has no checkpoint 'step 2700'. The nearest steps are 2000, 3000, 4000 (154 from 0 to 143000; label e.g. 'step2000').", error.Message);
    }

    [Fact]
    public void Refuses_indices_units_and_labels_that_the_run_does_not_have()
    {
        var list = CheckpointList.Of("pythia-70m");

        Assert.Contains("indices 0 to 153", Assert.Throws<UnknownCheckpointException>(() => list.At(Checkpoint.Index(154))).Message, StringComparison.Ordinal);
        Assert.Contains("counts steps, not tokens", Assert.Throws<UnknownCheckpointException>(() => list.At(Checkpoint.Tokens(1000))).Message, StringComparison.Ordinal);
        Assert.Throws<UnknownCheckpointException>(() => list.At(Checkpoint.Label("checkpoint-1000")));
        Assert.Throws<UnknownCheckpointException>(() => list.At(Checkpoint.Label("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Checkpoint.Step(-1));
        Assert.Contains("name the revision itself", Assert.Throws<UnknownCheckpointException>(() => CheckpointList.Of("gpt2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Toy_models_keep_checkpoints_as_files_and_a_longer_number_is_another_one()
    {
        // A match of the end alone would take ..._104857600.pth for 4857600.
        var list = CheckpointList.FromFiles("NeelNanda/x", ["checkpoints/x_104857600.pth", "checkpoints/x_4857600.pth", "checkpoints/x_22000000000.pth", "x_final.pth", "config.json", "other/y_7.pth"]);

        Assert.Equal("token", list.Unit);
        Assert.Equal([4_857_600, 104_857_600, 22_000_000_000], list.Values);
        Assert.Equal(new SavedCheckpoint(4_857_600, "token", 0, null, "checkpoints/x_4857600.pth"), list.At(Checkpoint.Tokens(4_857_600)));
        Assert.Throws<UnknownCheckpointException>(() => CheckpointList.FromFiles("a/b", ["config.json"]));
        Assert.Contains("both claim 7", Assert.Throws<UnknownCheckpointException>(() => CheckpointList.FromFiles("a/b", ["checkpoints/a_7.pth", "checkpoints/b_7.pth"])).Message, StringComparison.Ordinal);
    }
}
