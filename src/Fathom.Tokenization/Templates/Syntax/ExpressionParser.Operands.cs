using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Library;
using Fathom.Tokenization.Templates.Nodes;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Syntax;

/// <content>Operands: literals, names, and the attributes, calls, filters and tests that follow them.</content>
internal sealed partial class ExpressionParser
{
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
