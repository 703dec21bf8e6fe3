using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Patterns;

/// <summary>Parses the part of Oniguruma's syntax that tokenizers use; everything else is refused by name.</summary>
internal sealed class PatternParser
{
    private const int MaxDepth = 50;
    private const int MaxRepeat = 1000;
    private readonly PatternReader _in;
    private int _depth;

    private PatternParser(string pattern) => _in = new PatternReader(pattern);

    /// <summary>Parses a pattern.</summary>
    /// <exception cref="PatternSyntaxException">Something in it is not supported.</exception>
    public static Node Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Alternatives(new Options());
        return parser._in.AtEnd ? node : throw parser._in.Error("a closing parenthesis without an opening one");
    }

    private Node Alternatives(Options options)
    {
        if (++_depth > MaxDepth)
        {
            throw _in.Error($"groups nested more than {MaxDepth} deep");
        }

        List<Node> items = [Sequence(options)];
        while (_in.Take('|'))
        {
            items.Add(Sequence(options));
        }

        _depth--;
        return items.Count == 1 ? items[0] : new Node.Choice(items);
    }

    private Node Sequence(Options options)
    {
        List<Node> items = [];
        List<int> literals = [];
        while (!_in.AtEnd && _in.Peek is not ('|' or ')'))
        {
            if (_in.TryLiteral(out var scalar))
            {
                if (!_in.AtQuantifier)
                {
                    literals.Add(scalar);
                    continue;
                }

                Flush(items, literals, options);
                items.Add(Quantified(Fold([scalar], options)));
                continue;
            }

            Flush(items, literals, options);
            items.Add(Quantified(Atom(options)));
        }

        Flush(items, literals, options);
        return items.Count switch { 0 => new Node.Empty(), 1 => items[0], _ => new Node.Sequence(items) };
    }

    private void Flush(List<Node> items, List<int> literals, Options options)
    {
        if (literals.Count > 0)
        {
            items.Add(Fold(literals, options));
            literals.Clear();
        }
    }

    private Node Fold(List<int> literals, Options options) => options.IgnoreCase
        ? CaseFolding.Literal([.. literals], _in.Error)
        : literals.Count == 1 ? new Node.Set(ScalarSet.Of(literals[0])) : new Node.Sequence([.. literals.Select(scalar => new Node.Set(ScalarSet.Of(scalar)))]);

    private Node Atom(Options options)
    {
        switch (_in.Next())
        {
            case '(':
                return Group(options);
            case '[':
                var set = SetParser.Parse(_in);
                return new Node.Set(options.IgnoreCase ? CaseFolding.Close(set, _in.Error) : set);
            case '.':
                return new Node.Set(options.DotAll ? ScalarSet.Empty.Complement() : ScalarSet.Of('\n').Complement());
            case '^':
                return new Node.Assertion(AssertionKind.LineStart);
            case '$':
                return new Node.Assertion(AssertionKind.LineEnd);
            case '\\':
                return Escape();
            case var c:
                throw _in.Error($"'{c}' has nothing to repeat");
        }
    }

    private Node Escape()
    {
        var c = _in.Next();
        switch (c)
        {
            case 'A':
                return new Node.Assertion(AssertionKind.TextStart);
            case 'z':
                return new Node.Assertion(AssertionKind.TextEnd);
            case 'Z':
                return new Node.Assertion(AssertionKind.TextEndOrLineFeed);
            case 'b':
                return new Node.Assertion(AssertionKind.WordEdge);
            case 'B':
                return new Node.Assertion(AssertionKind.NoWordEdge);
            case 'X':
                return new Node.Cluster();
            case 'R':
                var two = new Node.Sequence([new Node.Set(ScalarSet.Of('\r')), new Node.Set(ScalarSet.Of('\n'))]);
                var one = new Node.Set(new ScalarSet([0x0A, 0x0E, 0x85, 0x86, 0x2028, 0x202A]));
                return new Node.Atomic(new Node.Choice([two, one]));
            default:
                return new Node.Set(SetParser.Class(_in, c) ?? throw _in.Error($"the escape \\{c}"));
        }
    }

    private Node Group(Options options)
    {
        if (!_in.Take('?'))
        {
            return Close(Alternatives(options));
        }

        switch (_in.Next())
        {
            case ':':
                return Close(Alternatives(options));
            case '=':
                return Close(new Node.Look(Alternatives(options), Behind: false, Negative: false));
            case '!':
                return Close(new Node.Look(Alternatives(options), Behind: false, Negative: true));
            case '>':
                return Close(new Node.Atomic(Alternatives(options)));
            case '#':
                _in.SkipPast(')');
                return new Node.Empty();
            case '<':
                if (_in.Peek is '=' or '!')
                {
                    return Close(Behind(negative: _in.Next() == '!', options));
                }

                _in.SkipPast('>');
                return Close(Alternatives(options));
            default:
                _in.Back();
                return SwitchedGroup(options);
        }
    }

    // (?i:...) holds for the group; (?i) holds for all that follows in the group around it, its alternatives included.
    private Node SwitchedGroup(Options options)
    {
        var on = true;
        while (true)
        {
            var c = _in.Next();
            switch (c)
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    options = options with { IgnoreCase = on };
                    break;
                case 'm':
                    options = options with { DotAll = on };
                    break;
                case ':':
                    return Close(Alternatives(options));
                case ')':
                    return Alternatives(options);
                default:
                    throw _in.Error($"the group option '{c}'");
            }
        }
    }

    private Node.Look Behind(bool negative, Options options)
    {
        var inner = Alternatives(options);
        var branches = inner is Node.Choice choice ? choice.Items : [inner];
        if (branches.Any(branch => branch.Width() is null))
        {
            throw _in.Error("a look-behind of variable length");
        }

        return new Node.Look(inner, Behind: true, negative);
    }

    private Node Close(Node node) => _in.Take(')') ? node : throw _in.Error("a parenthesis that is not closed");

    private Node Quantified(Node item)
    {
        while (_in.TryQuantifier(out var min, out var max, out var interval))
        {
            if (min > MaxRepeat || max > MaxRepeat)
            {
                throw _in.Error($"more than {MaxRepeat} repetitions");
            }

            // As in Oniguruma, {n}? is an optional {n}, not a lazy one, and {n,m}+ repeats.
            var kind = !(interval && min == max) && _in.Take('?') ? RepeatKind.Lazy : !interval && _in.Take('+') ? RepeatKind.Possessive : RepeatKind.Greedy;
            item = new Node.Repeat(item, min, max, kind);
        }

        return item;
    }

    private readonly record struct Options(bool IgnoreCase, bool DotAll);
}
