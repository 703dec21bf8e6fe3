namespace Fathom.Cli.Tests;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(true, "xterm-256color", null, null, null, nameof(ColorDepth.Palette))]
    [InlineData(true, "xterm-256color", "truecolor", null, null, nameof(ColorDepth.True))]
    [InlineData(true, "xterm-256color", "truecolor", "1", null, nameof(ColorDepth.None))]
    [InlineData(true, "dumb", null, null, null, nameof(ColorDepth.None))]
    [InlineData(false, "xterm-256color", "truecolor", null, null, nameof(ColorDepth.None))]
    [InlineData(false, "xterm-256color", "truecolor", null, "1", nameof(ColorDepth.True))]
    [InlineData(false, "xterm-256color", "truecolor", "1", "1", nameof(ColorDepth.None))]
    public void Colours_follow_the_conventions(bool isTerminal, string term, string? colorTerm, string? noColor, string? force, string expected)
    {
        if (OperatingSystem.IsWindows() && expected == nameof(ColorDepth.Palette))
        {
            expected = nameof(ColorDepth.True);
        }

        Assert.Equal(expected, Terminal.ColorsFor(isTerminal, name => name switch
        {
            "TERM" => term,
            "COLORTERM" => colorTerm,
            "NO_COLOR" => noColor,
            "CLICOLOR_FORCE" => force,
            _ => null,
        }).ToString());
    }
}
