using Fathom.Tokenization.Patterns;

namespace Fathom.Tokenization.Tests.Patterns;

public sealed class PatternTests
{
    [Theory]
    [InlineData(@"a++a", "aaa", "")]
    [InlineData(@"a*?b", "aab", "aab")]
    [InlineData(@"(?>a|ab)c", "abc", "")]
    [InlineData(@"(?<!x)y", "xy y", "y")]
    [InlineData(@"(?<=ab|c)d", "abd cd d", "d|d")]
    [InlineData(@"a{2,3}", "aaaaa", "aaa|aa")]
    [InlineData(@"(a|)*b", "aab", "aab")]
    [InlineData(@"\p{^L}+", "a1!b", "1!")]
    [InlineData(@"[^\W\d]+", "ab1_", "ab|_")]
    [InlineData(@"[a-z&&[^aeiou]]+", "hello", "h|ll")]
    [InlineData(@"(?i:ss)", "ß SS ſs", "ß|SS|ſs")]
    [InlineData(@"x{y", "x{y", "x{y")]
    [InlineData(@"^a|b$", "a\na b", "a|a|b")]
    public void Matches_as_Oniguruma_does(string pattern, string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Matches(pattern, text)));

    [Theory]
    [InlineData(@"(a)\1", "the escape \\1")]
    [InlineData(@"\p{Greek}", "the property \"Greek\"")]
    [InlineData(@"(?<=a+)b", "a look-behind of variable length")]
    [InlineData(@"[[:alpha:]]", "the bracket [:alpha:]")]
    [InlineData(@"(a", "a parenthesis that is not closed")]
    [InlineData(@"[a", "a set that is not closed")]
    [InlineData(@"*a", "has nothing to repeat")]
    [InlineData(@"(?x)a b", "the group option 'x'")]
    [InlineData(@"(?i)é", "'é' without regard to case")]
    [InlineData(@"(((a{999}){999}){999})", "it unfolds to more than")]
    public void Refuses_what_it_does_not_support_by_name(string pattern, string problem)
    {
        var error = Assert.Throws<PatternSyntaxException>(() => new Pattern(pattern));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"(a|a)*b")]
    [InlineData(@"(a*)*b")]
    [InlineData(@"\s*\s*\s*x")]
    [InlineData(@"(?=(\d{3})+(?!\d))")]
    [InlineData(@"((a+)+)+c")]
    public void Does_not_blow_up(string pattern)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Matches(pattern, new string('a', 20_000) + new string(' ', 20_000) + new string('1', 2_000));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{pattern} took {clock.Elapsed}");
    }

    private static List<string> Matches(string pattern, string text) =>
        [.. new Pattern(pattern).Cut([.. text.EnumerateRunes().Select(rune => rune.Value)]).Where(match => match.IsMatch).Select(match => string.Concat(text.EnumerateRunes().Skip(match.Start).Take(match.End - match.Start)))];
}
