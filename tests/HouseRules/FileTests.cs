using System.Text.RegularExpressions;

namespace Fathom.HouseRules;

public sealed partial class FileTests
{
    private const int Longest = 400;

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Assert.All(All(), f => Assert.True(File.ReadLines(f).Count() <= Longest, Repository.Short(f)));

    [Fact]
    public void The_median_source_file_has_at_most_80_lines()
    {
        var lines = Repository.Sources("src").Select(f => File.ReadLines(f).Count()).Order().ToList();
        Assert.InRange(lines[lines.Count / 2], 1, 80);
    }

    [Fact]
    public void A_file_holds_one_public_type()
    {
        var several = Repository.Sources("src").Select(f => (f, Types: PublicType().Matches(File.ReadAllText(f)).Select(m => m.Value).ToList())).Where(f => f.Types.Count > 1);
        Assert.Empty(several.Select(s => $"{Repository.Short(s.f)}: {string.Join("; ", s.Types)}"));
    }

    [Fact]
    public void Every_class_is_sealed_static_or_abstract()
    {
        var open = Repository.Sources("src").SelectMany(f => AnyClass().Matches(File.ReadAllText(f))
            .Where(m => !m.Groups["modifiers"].Value.Split(' ').Intersect(["sealed", "static", "abstract"]).Any())
            .Select(m => $"{Repository.Short(f)}: {m.Value}"));
        Assert.Empty(open);
    }

    [Fact]
    public void Names_are_not_Manager_Helper_or_Utils() =>
        Assert.All(All(), f => Assert.DoesNotMatch(Vague(), Path.GetFileNameWithoutExtension(f)));

    [Fact]
    public void Process_wide_state_has_one_home()
    {
        var uses = Repository.Sources("src").Where(f => !f.Contains("Fathom.Cli", StringComparison.Ordinal) && Path.GetFileName(f) is not ("PromptTest.cs" or "FigureExtensions.cs"))
            .SelectMany(f => Banned().Matches(File.ReadAllText(f)).Select(m => $"{Repository.Short(f)}: {m.Value}"));
        Assert.Empty(uses);
    }

    [Fact]
    public void The_repository_stands_alone()
    {
        string[] kinds = [".cs", ".md", ".props", ".targets", ".csproj", ".json", ".sh", ".mjs", ".py"];
        var pattern = string.Concat("(/wo", "rk/|\\.\\./sha", "red|hugging", "face_hub_token)");
        var named = Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Where(f => kinds.Contains(Path.GetExtension(f)) && !f.Contains("artifacts", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}.git{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(File.ReadAllText(f), pattern)).Select(Repository.Short);
        Assert.Empty(named);
    }

    private static IEnumerable<string> All() => Repository.Sources("src").Concat(Repository.Sources("tests"));

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|partial|unsafe|ref) )*(?:class|record struct|record|struct|enum|interface|delegate) \w+", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^ *(?:public|internal|private|file|protected) (?<modifiers>(?:(?:sealed|static|abstract|partial|unsafe|new) )*)(?:class|record(?! struct)) \w+", RegexOptions.Multiline)]
    private static partial Regex AnyClass();

    [GeneratedRegex("Manager|Helper|Util(s|ities|ity)?$")]
    private static partial Regex Vague();

    [GeneratedRegex(@"Console\.Write|DateTime\.Now|set_default_dtype|set_default_device|manual_seed|Thread\.Sleep")]
    private static partial Regex Banned();
}
