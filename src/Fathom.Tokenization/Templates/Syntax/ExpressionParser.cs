using System.Globalization;
using System.Numerics;
using Fathom.Tokenization.Templates.Library;
using Fathom.Tokenization.Templates.Nodes;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Reads expressions, with the reference's precedence: <c>or, and, not, comparison, + -, ~, * / // %, **, sign, filter</c>.</summary>
internal sealed class ExpressionParser(TokenStream stream, SyntaxErrors errors)
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

    private Expression Unary(bool withFilters = true)
    {
        if (stream.Current.Is("-") || stream.Current.Is("+"))
        {
            var op = stream.Take();
            if (++_depth > MaxNesting)
            {
                throw errors.At(op.At, $"expressions nested more than {MaxNesting} deep", fault: ChatTemplateFault.Limit);
            }
            Expression sign = new Sign(op.At, op.Text == "-", Unary(withFilters: false));
            _depth--;
            return Filtered(Postfix(sign, 0), withFilters);
        }
        return Filtered(Postfix(Primary(), 0), withFilters);
    }

    private Expression Filtered(Expression value, bool withFilters)
    {
        for (var count = 0; withFilters; count++)
        {
            Bound(count);
            if (stream.Skip("|"))
            {
                var (at, name, arguments) = FilterCall();
                value = new FilterNode(at, value, name, arguments);
            }
            else if (stream.Current.IsName("is"))
            {
                value = Test(value);
            }
            else if (stream.Current.Is("("))
            {
                value = new Call(stream.Current.At, value, Arguments());
            }
            else
            {
                break;
            }
        }
        return value;
    }

    private Expression Primary()
    {
        var token = stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Take();
                switch (token.Text)
                {
                    case "true" or "True":
                        return new Constant(token.At, true);
                    case "false" or "False":
                        return new Constant(token.At, false);
                    case "none" or "None":
                        return new Constant(token.At, null);
                    default:
                        NameRead(token.Text);
                        return new Name(token.At, token.Text);
                }
            case TokenKind.String:
                List<string> parts = [];
                while (stream.Current.Kind == TokenKind.String)
                {
                    parts.Add(stream.Take().Text);
                }
                return new Constant(token.At, string.Concat(parts));
            case TokenKind.Integer or TokenKind.Float:
                stream.Take();
                return new Constant(token.At, Literals.Number(token, errors));
            case TokenKind.Operator when token.Text == "(":
                stream.Take();
                var tuple = ParseTuple(inParentheses: true);
                stream.Expect(")");
                return tuple;
            case TokenKind.Operator when token.Text == "[":
                return List();
            case TokenKind.Operator when token.Text == "{":
                return Dictionary();
            case TokenKind.End:
                throw errors.At(token.At, "unexpected end of template, expected an expression.");
            default:
                throw errors.At(token.At, $"unexpected '{token.Describe()}'");
        }
    }

    private ListNode List()
    {
        var at = stream.Expect("[").At;
        List<Expression> items = [];
        while (!stream.Current.Is("]"))
        {
            if (items.Count > 0)
            {
                stream.Expect(",");
                if (stream.Current.Is("]"))
                {
                    break;
                }
            }
            items.Add(Parse());
        }
        stream.Expect("]");
        return new ListNode(at, [.. items], isTuple: false);
    }

    private DictNode Dictionary()
    {
        var at = stream.Expect("{").At;
        List<(Expression, Expression)> items = [];
        while (!stream.Current.Is("}"))
        {
            if (items.Count > 0)
            {
                stream.Expect(",");
                if (stream.Current.Is("}"))
                {
                    break;
                }
            }
            var key = Parse();
            stream.Expect(":");
            items.Add((key, Parse()));
        }
        stream.Expect("}");
        return new DictNode(at, [.. items]);
    }

    private Expression Postfix(Expression value, int count)
    {
        for (; ; count++)
        {
            Bound(count);
            if (stream.Current.Is("."))
            {
                stream.Take();
                var token = stream.Take();
                value = token.Kind switch
                {
                    TokenKind.Name => new Nodes.Attribute(token.At, value, token.Text),
                    TokenKind.Integer => new Subscript(token.At, value, new Constant(token.At, Literals.Number(token, errors))),
                    _ => throw errors.At(token.At, "expected name or number"),
                };
            }
            else if (stream.Current.Is("["))
            {
                value = Subscripted(value);
            }
            else if (stream.Current.Is("("))
            {
                value = new Call(stream.Current.At, value, Arguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Subscript Subscripted(Expression owner)
    {
        var at = stream.Expect("[").At;
        List<Expression> keys = [];
        while (!stream.Current.Is("]"))
        {
            if (keys.Count > 0)
            {
                stream.Expect(",");
            }
            keys.Add(SliceOrKey());
        }
        stream.Expect("]");
        return new Subscript(at, owner, keys.Count == 1 ? keys[0] : new ListNode(at, [.. keys], isTuple: true));
    }

    private Expression SliceOrKey()
    {
        var at = stream.Current.At;
        var start = stream.Current.Is(":") ? null : Parse();
        if (start is not null && !stream.Current.Is(":"))
        {
            return start;
        }
        stream.Expect(":");
        var stop = IsSliceEnd() || stream.Current.Is(":") ? null : Parse();
        var step = stream.Skip(":") && !IsSliceEnd() ? Parse() : null;
        return new Slice(at, start, stop, step);
    }

    private bool IsSliceEnd() => stream.Current.Is("]") || stream.Current.Is(",");

    /// <summary>The arguments of a call, parentheses included.</summary>
    public CallArguments Arguments()
    {
        var at = stream.Expect("(").At;
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        Expression? list = null;
        Expression? dictionary = null;
        var first = true;
        while (!stream.Current.Is(")"))
        {
            if (!first)
            {
                stream.Expect(",");
                if (stream.Current.Is(")"))
                {
                    break;
                }
            }
            first = false;
            if (list is null && dictionary is null && stream.Skip("*"))
            {
                list = Parse();
            }
            else if (dictionary is null && stream.Skip("**"))
            {
                dictionary = Parse();
            }
            else if (dictionary is null && stream.Current.Kind == TokenKind.Name && stream.Ahead.Is("="))
            {
                var name = stream.Take().Text;
                stream.Take();
                named.Add((name, Parse()));
            }
            else if (list is null && dictionary is null && named.Count == 0)
            {
                positional.Add(Parse());
            }
            else
            {
                throw errors.At(at, "invalid syntax for function call expression", "Values by place come before values by name.");
            }
        }
        stream.Expect(")");
        return new CallArguments([.. positional], [.. named], list, dictionary);
    }

    private (int At, string Name, CallArguments Arguments) FilterCall()
    {
        var (name, at) = DottedName();
        Check(at, "filter", name, Filters.Exists(name), Filters.Names);
        return (at, name, stream.Current.Is("(") ? Arguments() : CallArguments.None);
    }

    private Expression Test(Expression value)
    {
        stream.Take();
        var isNegated = stream.SkipName("not");
        var (name, at) = DottedName();
        Check(at, "test", name, Tests.Exists(name), Tests.Names);
        var arguments = CallArguments.None;
        var next = stream.Current;
        if (next.Is("("))
        {
            arguments = Arguments();
        }
        else if ((next.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float || next.Is("[") || next.Is("{"))
            || (next.Kind == TokenKind.Name && next.Text is not ("else" or "or" or "and")))
        {
            if (next.IsName("is"))
            {
                throw errors.At(next.At, "You cannot chain multiple tests with is", "Join them with 'and'.");
            }
            arguments = new CallArguments([Postfix(Primary(), 0)], [], null, null);
        }
        Expression test = new TestNode(at, value, name, arguments);
        return isNegated ? new Not(at, test) : test;
    }

    private (string Name, int At) DottedName()
    {
        var token = stream.Expect(TokenKind.Name, "name");
        var name = token.Text;
        while (stream.Skip("."))
        {
            name += "." + stream.Expect(TokenKind.Name, "name").Text;
        }
        return (name, token.At);
    }

    private void Check(int at, string what, string name, bool exists, IEnumerable<string> names)
    {
        if (!exists && Conditional == 0)
        {
            _unknownNames.Add(errors.At(at, $"No {what} named {TextRepr.Quote(name)}.", Nearest.Suggest(name, names), ChatTemplateFault.UnknownName));
        }
    }

    private void Bound(int count)
    {
        if (count > MaxPostfixes)
        {
            throw errors.At(stream.Current.At, $"more than {MaxPostfixes} attributes, calls or filters in a row", "Take the expression apart with {% set %}.", ChatTemplateFault.Limit);
        }
    }
}
