using System.Text.Json;
using Fathom.Architectures;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Architectures;

/// <summary>Configs that are broken, hostile or contradict themselves: one kind of exception, and the baselines are read.</summary>
public sealed class OddConfigTests
{
    public static TheoryData<string, string> Odd
    {
        get
        {
            using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixture.Folder("formats/config"), "expect.json")));
            TheoryData<string, string> data = [];
            foreach (var entry in expected.RootElement.EnumerateObject())
            {
                data.Add(entry.Name, entry.Value.GetString()!);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public void An_odd_config_is_refused_and_a_good_one_read(string name, string expect)
    {
        var path = Path.Combine(Fixture.Folder("formats/config"), name);
        var error = Record.Exception(() =>
        {
            var json = ConfigFile.Read(path);
            Catalogue.Of(json, path).ReadConfig(json, path);
        });
        Assert.True(error is null or ConfigException, $"{name}: {error}");
        Assert.True(expect != "reject" || error is not null, $"{name} was read");
        Assert.True(expect != "accept" || error is null, $"{name}: {error?.Message}");
    }
}
