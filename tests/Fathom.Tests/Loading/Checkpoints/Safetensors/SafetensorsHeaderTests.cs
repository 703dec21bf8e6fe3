using System.Text.Json;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Tests.Loading.Checkpoints.Safetensors;

public sealed class SafetensorsHeaderTests
{
    private static readonly FixturePack Pack = FixturePack.Open("safetensors");

    public static TheoryData<string> ValidFiles => [.. Pack.Json("safetensors/manifest.json").GetProperty("files").EnumerateObject().Select(f => f.Name).Where(f => f.EndsWith(".safetensors", StringComparison.Ordinal))];

    public static TheoryData<string> HostileFiles => [.. Pack.Json("safetensors/hostile/manifest.json").GetProperty("files").EnumerateObject().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void Finds_every_tensor_of_a_valid_file_where_the_reference_finds_it(string file)
    {
        var facts = Pack.Json("safetensors/manifest.json").GetProperty("files").GetProperty(file);
        var bytes = Pack.Files[$"safetensors/{file}"];
        var header = SafetensorsHeader.Read(new MemorySource(file, bytes));

        Assert.Equal(facts.GetProperty("data_start").GetInt64(), header.DataStart);
        var expected = facts.GetProperty("tensors").EnumerateArray().Select(Describe).Order(StringComparer.Ordinal);
        var found = header.Entries.Values.Select(e =>
            $"{e.Tensor.Name}|{e.Tensor.Type.Label}|{string.Join(",", e.Tensor.Shape)}|{e.Begin}|{e.End}|{Dump.Hash(bytes.AsSpan((int)(header.DataStart + e.Begin)..(int)(header.DataStart + e.End)))}");
        Assert.Equal(expected, found.Order(StringComparer.Ordinal));

        var metadata = facts.GetProperty("metadata");
        Assert.Equal(metadata.ValueKind == JsonValueKind.Null ? [] : metadata.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!), header.Metadata);
    }

    [Theory]
    [MemberData(nameof(HostileFiles))]
    public void Refuses_every_hostile_file_with_its_reason(string file)
    {
        var facts = Pack.Json("safetensors/hostile/manifest.json").GetProperty("files").GetProperty(file);
        MemorySource source = new(file, Pack.Files[$"safetensors/hostile/{file}"]);
        string careful = facts.GetProperty("careful").GetString()!, why = facts.GetProperty("careful_why").GetString()!;
        if (careful == "accept")
        {
            Assert.NotEmpty(SafetensorsHeader.Read(source).Entries);
            return;
        }

        var refusal = Record.Exception(() => SafetensorsHeader.Read(source));
        if (careful == "either" && refusal is null)
        {
            return;
        }

        var invalid = Assert.IsType<InvalidCheckpointException>(refusal);
        Assert.StartsWith(file, invalid.Message, StringComparison.Ordinal);
        Assert.Contains(SafetensorsReasons.For(why, facts.GetProperty("wrong").GetString()!), reason => invalid.Problem.Contains(reason, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Agrees_with_the_reference_on_every_property_seed()
    {
        var pack = FixturePack.Open("property-seeds");
        var seeds = pack.Json("seeds/safetensors.json");
        var valid = Read(pack.Files["seeds/safetensors/valid.safetensors"])!;
        foreach (var seed in seeds.GetProperty("files").EnumerateArray())
        {
            var found = Read(pack.Files[$"seeds/safetensors/{seed.GetProperty("file").GetString()}"]);
            if (found is null)
            {
                continue;
            }

            var expected = new Dictionary<string, string>(valid);
            Assert.NotEqual("reject", seed.GetProperty("verdict").GetString());
            if (seed.TryGetProperty("tensors", out var changed))
            {
                foreach (var tensor in changed.EnumerateArray())
                {
                    var name = tensor[0].GetString()!;
                    if (name[0] == '-' && tensor.GetArrayLength() == 1)
                    {
                        expected.Remove(name[1..]);
                        continue;
                    }

                    expected[name] = $"{tensor[1].GetString()} [{string.Join(",", tensor[2].EnumerateArray())}] {tensor[3].GetString()}";
                }
            }

            Assert.Equal(expected.OrderBy(p => p.Key, StringComparer.Ordinal), found.OrderBy(p => p.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Survives_mutations_of_valid_files()
    {
        byte[][] seeds = [.. Pack.Files.Where(f => f.Key.EndsWith(".safetensors", StringComparison.Ordinal) && !f.Key.Contains("hostile", StringComparison.Ordinal) && f.Value.Length < 6_000).Select(f => f.Value)];
        var accepted = MutationRun.Run(seeds, bytes => Dump.Of(new SafetensorsFile(new MemorySource("mutant", bytes))));
        Assert.InRange(accepted, 1, Mutator.Count - 1);
    }

    private static Dictionary<string, string>? Read(byte[] bytes)
    {
        try
        {
            return Dump.Of(new SafetensorsFile(new MemorySource("seed", bytes)));
        }
        catch (InvalidCheckpointException)
        {
            return null;
        }
    }

    private static string Describe(JsonElement t) =>
        $"{t.GetProperty("name").GetString()}|{t.GetProperty("dtype").GetString()}|{string.Join(",", t.GetProperty("shape").EnumerateArray())}|{t.GetProperty("begin")}|{t.GetProperty("end")}|{t.GetProperty("sha256").GetString()}";
}
