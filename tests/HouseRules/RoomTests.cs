using System.Text.RegularExpressions;

namespace Fathom.HouseRules;

public sealed partial class RoomTests
{
    /// <summary>The rooms of the assembly Fathom, bottom to top: a file uses rooms below its own.</summary>
    private static readonly string[] Rooms =
        ["Native", "Tensors", "Hooks", "Configuration", "Components", "Models", "Architectures", "Loading", "Activations", "Verification", "Patching", "Attribution"];

    /// <summary>What each room may use of the assemblies that know no tensors.</summary>
    private static readonly Dictionary<string, string[]> Leaves = new() { ["Models"] = ["Tokenization"], ["Loading"] = ["Hub", "Tokenization"], ["Activations"] = ["Tokenization"], ["Verification"] = ["Tokenization"], ["Patching"] = ["Tokenization"] };

    [Fact]
    public void Every_arrow_between_rooms_points_down()
    {
        var wrong = Rooms.SelectMany((room, height) => Repository.Sources($"src/Fathom/{room}").SelectMany(file => Used(file).Where(used => used != room && !Allowed(room, height, used)).Select(used => $"{Repository.Short(file)} uses {used}")));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_of_the_library_is_a_room()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src/Fathom")).Select(d => Path.GetFileName(d)!).Where(d => d is not ("obj" or "bin"));
        Assert.Empty(folders.Except(Rooms));
    }

    [Theory]
    [InlineData("Fathom.Hub")]
    [InlineData("Fathom.Tokenization")]
    public void Leaf_assemblies_know_no_tensors(string assembly) =>
        Assert.Empty(Repository.Sources($"src/{assembly}").Where(f => File.ReadAllText(f).Contains("TorchSharp", StringComparison.Ordinal)).Select(Repository.Short));

    [Fact]
    public void Every_room_says_what_it_is()
    {
        var rooms = Rooms.Select(r => $"src/Fathom/{r}").Concat(["src/Fathom.Hub", "src/Fathom.Tokenization", "src/Fathom.Plots", "src/Fathom.Cli"]).Where(r => Directory.Exists(Path.Combine(Repository.Root, r)));
        Assert.All(rooms, room =>
        {
            var readme = Path.Combine(Repository.Root, room, "README.md");
            Assert.True(File.Exists(readme), $"{room} has no README.md");
            Assert.True(File.ReadLines(readme).Count() <= 15, $"{room}/README.md is longer than 15 lines");
        });
    }

    [Fact]
    public void No_family_is_named_outside_the_architectures()
    {
        var branches = Repository.Sources("src/Fathom").Where(f => !f.Contains("Architectures", StringComparison.Ordinal) && !f.Contains("Gguf", StringComparison.Ordinal))
            .SelectMany(f => Branch().Matches(File.ReadAllText(f)).Select(m => $"{Repository.Short(f)}: {m.Value}"));
        Assert.Empty(branches);
    }

    private static bool Allowed(string room, int height, string used) =>
        Array.IndexOf(Rooms, used) is var at && (at < 0 ? Leaves.GetValueOrDefault(room, []).Contains(used) : at < height);

    private static IEnumerable<string> Used(string file) => Using().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).Distinct();

    [GeneratedRegex(@"^using (?:static )?Fathom\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"Architecture(?:\.Ids\[0\])?\s*(?:==|is)\s*""\w+""")]
    private static partial Regex Branch();
}
