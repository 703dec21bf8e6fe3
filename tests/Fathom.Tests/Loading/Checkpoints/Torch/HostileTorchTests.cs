using System.Diagnostics;
using System.Text.Json;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Torch;
using Fathom.Loading.Checkpoints.Zip;

namespace Fathom.Tests.Loading.Checkpoints.Torch;

public sealed class HostileTorchTests
{
    private static readonly FixturePack Pack = FixturePack.Open("hostile-torch");
    private static readonly JsonElement Manifest = Pack.Json("hostile-torch/manifest.json").GetProperty("files");

    public static TheoryData<string> Files => [.. Manifest.EnumerateObject().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Gives_the_careful_verdict_with_its_reason(string file)
    {
        var facts = Manifest.GetProperty(file);
        string careful = facts.GetProperty("careful").GetString()!, why = facts.GetProperty("careful_why").GetString()!;
        var bytes = Pack.Files[$"hostile-torch/{file}"];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var refusal = Record.Exception(() => Dump.Of(TorchFile.Open(new MemorySource(file, bytes))));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated <= (8L * bytes.Length) + (16 << 20), "allocates more than a small multiple of the file");
        Assert.True(clock.ElapsedMilliseconds < 3_000, $"takes {clock.ElapsedMilliseconds} ms");
        if (refusal is null)
        {
            Assert.True(careful is "accept" or "either", $"accepted, but: {why}");
            return;
        }

        var invalid = Assert.IsType<InvalidCheckpointException>(refusal);
        Assert.True(careful is "reject" or "either", $"a careful reader accepts this, but: {invalid.Message}");
        Assert.DoesNotContain(invalid.Message, c => char.IsControl(c) || c is '\u202E' or '\u202D');
        if (careful == "reject")
        {
            var words = HostileTorchReasons.For(facts.GetProperty("category").GetString()!, why);
            Assert.True(words.Any(w => invalid.Problem.Contains(w, StringComparison.OrdinalIgnoreCase)), $"wanted one of [{string.Join(" | ", words)}] for '{why}', found: {invalid.Problem}");
        }
    }

    [Fact]
    public void Neg_metadata_flips_the_sign_and_bool_bytes_are_0_or_1()
    {
        using var negated = TorchFile.Open(new MemorySource("neg", Pack.Files["hostile-torch/metadata_neg.pt"]));
        Assert.Equal([-1f, -2, -3, -4], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Dump.Values(negated, negated.Tensors["w"])).ToArray());
        using var booleans = TorchFile.Open(new MemorySource("bool", Pack.Files["hostile-torch/bool_two.pt"]));
        Assert.All(Dump.Values(booleans, booleans.Tensors["w"]), b => Assert.InRange(b, 0, 1));
    }

    [Fact]
    public void Never_accepts_a_property_seed_with_other_tensors_than_the_reference()
    {
        var pack = FixturePack.Open("property-seeds");
        var valid = Read(pack.Files["seeds/torch-zip/valid.pt"])!;
        Assert.NotEmpty(valid);
        foreach (var seed in pack.Json("seeds/torch-zip.json").GetProperty("files").EnumerateArray())
        {
            if (Read(pack.Files[$"seeds/torch-zip/{seed.GetProperty("file").GetString()}"]) is { } found)
            {
                Assert.Equal("same", seed.GetProperty("verdict").GetString());
                Assert.Equal(valid.OrderBy(p => p.Key, StringComparer.Ordinal), found.OrderBy(p => p.Key, StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public void Survives_mutations_of_zip_files() => Mutate(".pt", legacy: false);

    [Fact]
    public void Survives_mutations_of_legacy_files() => Mutate(".legacy.pt", legacy: true);

    /// <summary>A mutant of a whole zip seldom gets past its CRC; here only the pickle changes and the archive around it is right.</summary>
    [Fact]
    public void Survives_mutations_of_the_pickle_inside_a_sound_archive()
    {
        List<(byte[] Pickle, ZipRecord[] Others, byte[] File)> archives = [];
        foreach (var (_, bytes) in FixturePack.Open("torch").Files.Where(f => f.Key.EndsWith(".pt", StringComparison.Ordinal) && f.Value.Length < 7_000 && f.Value is [(byte)'P', (byte)'K', ..] && Read(f.Value) is not null))
        {
            var zip = ZipFile.Open(new MemorySource("seed", bytes));
            var pickle = zip.Records.Values.Single(r => r.Name.EndsWith("/data.pkl", StringComparison.Ordinal));
            archives.Add((zip.Content(pickle, 1 << 20), [.. zip.Records.Values.Where(r => r != pickle)], bytes));
        }

        var next = 0;
        var accepted = MutationRun.Run([.. archives.Select(a => a.Pickle)], mutant =>
        {
            var (_, others, file) = archives[next++ % archives.Count];
            using MemoryStream stream = new();
            ZipWriter writer = new(stream);
            var folder = others[0].Name.Split('/')[0];
            writer.Add(folder + "/data.pkl", entry => entry.Write(mutant));
            foreach (var record in others)
            {
                writer.Add(record.Name, entry => entry.Write(file, (int)record.Begin, (int)record.Length));
            }

            writer.Finish();
            Dump.Of(TorchFile.Open(new MemorySource("mutant", stream.ToArray())));
        });
        Assert.InRange(accepted, Mutator.Count / 100, Mutator.Count - 1);
    }

    private static void Mutate(string suffix, bool legacy)
    {
        byte[][] seeds = [.. FixturePack.Open("torch").Files.Where(f => f.Key.EndsWith(suffix, StringComparison.Ordinal) && f.Key.EndsWith(".legacy.pt", StringComparison.Ordinal) == legacy && f.Value.Length < 7_000 && Read(f.Value) is not null).Select(f => f.Value)];
        var accepted = MutationRun.Run(seeds, bytes => Dump.Of(TorchFile.Open(new MemorySource("mutant", bytes))));
        Assert.InRange(accepted, 1, Mutator.Count - 1);
    }

    private static Dictionary<string, string>? Read(byte[] bytes)
    {
        try
        {
            return Dump.Of(TorchFile.Open(new MemorySource("seed", bytes)));
        }
        catch (InvalidCheckpointException)
        {
            return null;
        }
    }
}
