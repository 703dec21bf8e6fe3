using Fathom.Plots.Colors;

namespace Fathom.Plots.Terminal;

/// <summary>Tokens on coloured ground, flowing like text; without colour, a table of tokens and bars.</summary>
internal static class TokenTerminal
{
    public static void Write(ColoredTokens figure, TerminalCanvas canvas)
    {
        var scale = figure.Scale();
        for (var strip = 0; strip < figure.Values.Rows; strip++)
        {
            if (figure.StripLabel(strip) is { Length: > 0 } label)
            {
                canvas.Dim(VisibleText.Of(label)).End();
            }

            if (canvas.HasColor)
            {
                Flow(figure, scale, strip, canvas);
            }
            else
            {
                Table(figure, scale, strip, canvas);
            }
        }

        if (canvas.HasColor && scale.HasValues)
        {
            canvas.Append(Numbers.Short(scale.Low)).Append(" ");
            for (var i = 0; i <= 8; i++)
            {
                canvas.Cell("  ", scale.At(scale.Low + ((scale.High - scale.Low) * i / 8)));
            }

            canvas.Append(" ").Append(Numbers.Short(scale.High)).Append(" ").Append(figure.ValueTitle ?? "").End();
        }
    }

    private static void Flow(ColoredTokens figure, ColorScale scale, int strip, TerminalCanvas canvas)
    {
        var used = 0;
        for (var token = 0; token < figure.Tokens.Count; token++)
        {
            var text = TokenLabels.Visible(figure.Tokens[token]);
            text = CharWidth.Of(text) > canvas.Width ? CharWidth.Fit(text, canvas.Width) : text;
            if (used > 0 && used + CharWidth.Of(text) > canvas.Width)
            {
                canvas.End();
                used = 0;
            }

            var value = figure.Values[strip, token];
            _ = double.IsFinite(value) ? canvas.Cell(text, scale.At(value)) : canvas.Append(text);
            used += CharWidth.Of(text);
            if (figure.Tokens[token].Contains('\n', StringComparison.Ordinal))
            {
                canvas.End();
                used = 0;
            }
        }

        if (used > 0)
        {
            canvas.End();
        }
    }

    private static void Table(ColoredTokens figure, ColorScale scale, int strip, TerminalCanvas canvas)
    {
        var tokens = figure.Tokens.Select(TokenLabels.Visible).ToArray();
        var (places, width) = (Numbers.Whole(tokens.Length).Length, Math.Min(tokens.Max(CharWidth.Of), canvas.Width / 2));
        var bar = Math.Max(4, Math.Min(24, canvas.Width - places - width - 14));
        for (var token = 0; token < tokens.Length; token++)
        {
            var value = figure.Values[strip, token];
            canvas.Append(Numbers.Whole(token).PadLeft(places)).Append(" ").Append(CharWidth.Fit(tokens[token], width)).Append(" ");
            canvas.Append(Numbers.Short(value, figure.Decimals).PadLeft(10)).Append(" ");
            canvas.Append(new string('#', double.IsFinite(value) ? (int)Math.Round(scale.Position(value) * bar) : 0)).End();
        }
    }
}
