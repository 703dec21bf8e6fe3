using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Order as in Python: numbers with numbers, text with text by code point, lists with lists; anything else is an error.</summary>
internal static class Ordering
{
    /// <summary>Evaluates <c>a op b</c> for <c>&lt; &lt;= &gt; &gt;=</c>.</summary>
    public static bool Holds(Rendering run, string op, object? a, object? b)
    {
        if (a is Undefined u)
        {
            throw run.Fail(u);
        }
        if (b is Undefined v)
        {
            throw run.Fail(v);
        }
        if ((a is double x && double.IsNaN(x)) || (b is double y && double.IsNaN(y)))
        {
            return Numbers.IsNumber(a) && Numbers.IsNumber(b) ? false : throw Unordered(run, op, a, b);
        }
        var order = Compare(run, op, a, b);
        return op switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static int Compare(Rendering run, string op, object? a, object? b)
    {
        run.Enter();
        try
        {
            switch (a, b)
            {
                case (string or Markup, string or Markup):
                    var (x, y) = (TextValue.Raw(a), TextValue.Raw(b));
                    run.Scan(Math.Min(x.Length, y.Length));
                    return CodePoints.Compare(x, y);
                case (SequenceValue s, SequenceValue t) when s.IsTuple == t.IsTuple:
                    for (var i = 0; i < Math.Min(s.Items.Length, t.Items.Length); i++)
                    {
                        if (!Equality.AreEqual(run, s.Items[i], t.Items[i]))
                        {
                            return Compare(run, op, s.Items[i], t.Items[i]);
                        }
                    }
                    return s.Items.Length.CompareTo(t.Items.Length);
                default:
                    return Numbers.IsNumber(a) && Numbers.IsNumber(b) ? Numbers.Compare(a!, b!)
                        : a is Undefined u ? throw run.Fail(u)
                        : b is Undefined v ? throw run.Fail(v)
                        : throw Unordered(run, op, a, b);
            }
        }
        finally
        {
            run.Leave();
        }
    }

    private static ChatTemplateException Unordered(Rendering run, string op, object? a, object? b) =>
        run.TypeError($"'{op}' not supported between instances of '{TypeName.Of(a)}' and '{TypeName.Of(b)}'");
}
