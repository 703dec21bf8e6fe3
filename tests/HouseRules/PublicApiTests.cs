using System.Reflection;

namespace Fathom.HouseRules;

public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Fathom")]
    [InlineData("Fathom.Hub")]
    [InlineData("Fathom.Tokenization")]
    [InlineData("Fathom.Plots")]
    public void The_public_api_is_the_approved_one(string assembly)
    {
        var path = Path.Combine(Repository.Root, "docs", "api", $"{assembly}.txt");
        var current = ApiText.Of(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable("FATHOM_APPROVE_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, current);
        }

        Assert.True(File.Exists(path), $"{Repository.Short(path)} is missing: run this test with FATHOM_APPROVE_API=1.");
        var approved = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.True(approved == current, $"The public API of {assembly} changed. Run this test with FATHOM_APPROVE_API=1 and look at the difference. First new: {Lines(current).Except(Lines(approved)).FirstOrDefault()}; first gone: {Lines(approved).Except(Lines(current)).FirstOrDefault()}");
    }

    private static string[] Lines(string text) => text.Split('\n');
}
