using Fathom.Tokenization.Templates.Nodes;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Reads expressions, with the reference's precedence: <c>or, and, not, comparison, + -, ~, * / // %, **, sign, filter</c>.</summary>
internal sealed partial class ExpressionParser(TokenStream stream, SyntaxErrors errors)
{
    private const int MaxNesting = 100;
    private const int MaxPostfixes = 200;

    private static readonly HashSet<string> Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private readonly List<ChatTemplateException> _unknownNames = [];
    private int _depth;

    /// <summary>Greater than zero inside parts that may never run: there an unknown filter waits until it does.</summary>
    public int Conditional { get; set; }

    /// <summary>Told each name that is read.</summary>
    public Action<string> NameRead { get; set; } = _ => { };

    /// <summary>An expression; <paramref name="withConditional"/> allows <c>a if b else c</c>.</summary>
    public Expression Parse(bool withConditional = true)
    {
        if (++_depth > MaxNesting)
        {
            throw errors.At(stream.Current.At, $"expressions nested more than {MaxNesting} deep", "Take the expression apart with {% set %}.", ChatTemplateFault.Limit);
        }
        var result = withConditional ? ConditionalExpression() : Or();
        _depth--;
        return result;
    }

    /// <summary>One expression, or several with commas between them as a tuple.</summary>
    public Expression ParseTuple(bool withConditional = true, Func<bool>? isEnd = null, bool inParentheses = false)
    {
        var at = stream.Current.At;
        List<Expression> items = [];
        var isTuple = false;
        while (!IsTupleEnd(isEnd))
        {
            items.Add(Parse(withConditional));
            if (!stream.Current.Is(","))
            {
                break;
            }
            isTuple = true;
            stream.Take();
        }
        if (!isTuple && items.Count > 0)
        {
            return items[0];
        }
        return isTuple || inParentheses
            ? new ListNode(at, [.. items], isTuple: true)
            : throw errors.At(at, $"Expected an expression, got '{stream.Current.Describe()}'");
    }

    /// <summary>Refuses unknown filters and tests in places that every rendering reaches.</summary>
    /// <exception cref="ChatTemplateException">There is one.</exception>
    public void ThrowIfUnknown()
    {
        if (_unknownNames.Count > 0)
        {
            throw _unknownNames[0];
        }
    }

    /// <summary>Filters alone, without the value they apply to.</summary>
    public Func<Expression, Expression> ParseFilters()
    {
        List<(int At, string Name, CallArguments Arguments)> filters = [];
        do
        {
            filters.Add(FilterCall());
        }
        while (stream.Skip("|"));
        return value => filters.Aggregate(value, (v, f) => new FilterNode(f.At, v, f.Name, f.Arguments));
    }

    private bool IsTupleEnd(Func<bool>? isEnd) =>
        stream.Current.Kind is TokenKind.PrintEnd or TokenKind.BlockEnd or TokenKind.End || stream.Current.Is(")") || isEnd?.Invoke() == true;

    private Expression ConditionalExpression()
    {
        var unconditional = _unknownNames.Count;
        var value = Or();
        while (stream.Current.IsName("if"))
        {
            _unknownNames.RemoveRange(unconditional, _unknownNames.Count - unconditional);
            var at = stream.Take().At;
            Conditional++;
            var test = Or();
            var otherwise = stream.SkipName("else") ? Parse() : null;
            Conditional--;
            value = new Conditional(at, test, value, otherwise);
        }
        return value;
    }

    private Expression Or() => Joined("or", And, isAnd: false);

    private Expression And() => Joined("and", Not, isAnd: true);

    private Expression Joined(string word, Func<Expression> part, bool isAnd)
    {
        List<Expression> parts = [part()];
        while (stream.SkipName(word))
        {
            parts.Add(part());
        }
        return parts.Count == 1 ? parts[0] : new Logic([.. parts], isAnd);
    }

    private Expression Not()
    {
        if (!stream.Current.IsName("not"))
        {
            return Comparison();
        }
        var at = stream.Take().At;
        var count = 1;
        while (stream.SkipName("not"))
        {
            count++;
        }
        var value = Comparison();
        // Two negations are one conversion to a truth value.
        value = new Not(at, value);
        return count % 2 == 1 ? value : new Not(at, value);
    }

    private Expression Comparison()
    {
        var first = Sum();
        List<(string, Expression, int)> rest = [];
        while (true)
        {
            var token = stream.Current;
            if (token.Kind == TokenKind.Operator && Comparisons.Contains(token.Text))
            {
                stream.Take();
                rest.Add((token.Text, Sum(), token.At));
            }
            else if (token.IsName("in"))
            {
                stream.Take();
                rest.Add(("in", Sum(), token.At));
            }
            else if (token.IsName("not") && stream.Ahead.IsName("in"))
            {
                stream.Take();
                stream.Take();
                rest.Add(("not in", Sum(), token.At));
            }
            else
            {
                return rest.Count == 0 ? first : new Compare(first, [.. rest]);
            }
        }
    }

    private Expression Sum() => Operators(Tilde, "+", "-");

    private Expression Tilde()
    {
        List<Expression> parts = [Product()];
        while (stream.Skip("~"))
        {
            parts.Add(Product());
        }
        return parts.Count == 1 ? parts[0] : new Concat([.. parts]);
    }

    private Expression Product() => Operators(Power, "*", "/", "//", "%");

    // In the reference ** applies from left to right, and a sign binds more tightly.
    private Expression Power() => Operators(() => Unary(), "**");

    private Expression Operators(Func<Expression> operand, params string[] operators)
    {
        var first = operand();
        List<(string, Expression, int)> rest = [];
        while (stream.Current.Kind == TokenKind.Operator && Array.IndexOf(operators, stream.Current.Text) >= 0)
        {
            var op = stream.Take();
            rest.Add((op.Text, operand(), op.At));
        }
        return rest.Count == 0 ? first : new Chain(first, [.. rest]);
    }
}
