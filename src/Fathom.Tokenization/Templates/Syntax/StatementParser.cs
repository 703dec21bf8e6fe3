using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Nodes;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Reads a template: text, printed expressions and blocks.</summary>
internal sealed class StatementParser
{
    private const int MaxNesting = 60;

    private static readonly string[] Tags = ["for", "if", "set", "macro", "call", "filter", "with", "raw", "break", "continue", "generation", "elif", "else", "endfor", "endif", "endset", "endmacro", "endcall", "endfilter", "endwith", "endgeneration"];

    private readonly TokenStream _stream;
    private readonly SyntaxErrors _errors;
    private readonly ExpressionParser _expressions;
    private readonly Stack<HashSet<string>> _macroUses = [];
    private int _loops;
    private int _depth;

    private StatementParser(string source)
    {
        _errors = new SyntaxErrors(source);
        _stream = new TokenStream(new TemplateLexer(source, _errors).Read(), _errors);
        _expressions = new ExpressionParser(_stream, _errors) { NameRead = Note };
    }

    /// <summary>Parses a whole template whose line ends are normalised.</summary>
    /// <exception cref="ChatTemplateException">It is not a template, or uses what is not supported.</exception>
    public static Block Parse(string source)
    {
        StatementParser parser = new(source);
        var body = parser.Body(tag: null, opened: 0);
        parser._expressions.ThrowIfUnknown();
        return body;
    }

    private void Note(string name)
    {
        if (_macroUses.Count > 0 && name is "varargs" or "kwargs" or "caller")
        {
            foreach (var uses in _macroUses)
            {
                uses.Add(name);
            }
        }
    }

    /// <summary>Statements up to one of the words that end the block; the word is left in the stream, its <c>{%</c> is taken.</summary>
    private Block Body(string? tag, int opened, params string[] ends)
    {
        if (++_depth > MaxNesting)
        {
            throw _errors.At(opened, $"blocks nested more than {MaxNesting} deep", fault: ChatTemplateFault.Limit);
        }
        List<Statement> statements = [];
        while (true)
        {
            var token = _stream.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    statements.Add(new Data(token.Text, token.At));
                    break;
                case TokenKind.PrintBegin:
                    statements.Add(new Output(_expressions.ParseTuple()));
                    _stream.Expect(TokenKind.PrintEnd, "end of print statement");
                    break;
                case TokenKind.BlockBegin when Array.Exists(ends, _stream.Current.IsName):
                    _depth--;
                    return new Block([.. statements]);
                case TokenKind.BlockBegin:
                    statements.Add(Tag());
                    break;
                case TokenKind.End when tag is null:
                    _depth--;
                    return new Block([.. statements]);
                case TokenKind.End:
                    throw _errors.At(opened, $"Unexpected end of template. Jinja was looking for the following tags: {string.Join(" or ", ends.Select(e => $"'{e}'"))}. The innermost block that needs to be closed is '{tag}'.", $"Close it with '{{% end{tag} %}}'.");
                default:
                    throw _errors.At(token.At, $"unexpected '{token.Describe()}'");
            }
        }
    }

    private Statement Tag()
    {
        var token = _stream.Current.Kind == TokenKind.Name ? _stream.Take() : throw _errors.At(_stream.Current.At, "tag name expected");
        Statement statement = token.Text switch
        {
            "for" => For(token.At),
            "if" => If(token.At),
            "set" => Set(token.At),
            "macro" => Macro(token.At),
            "call" => Call(token.At),
            "filter" => Filter(token.At),
            "with" => With(token.At),
            "generation" => Generation(token.At),
            "print" => Print(),
            "break" or "continue" when _loops > 0 => new Jump(token.Text == "break" ? Flow.Break : Flow.Continue),
            "break" or "continue" => throw _errors.At(token.At, $"'{token.Text}' outside loop"),
            "block" or "extends" or "include" or "import" or "from" or "autoescape" => throw _errors.At(token.At, $"the tag '{token.Text}' is not supported", "A chat template is one text; it cannot load others.", ChatTemplateFault.Unsupported),
            _ => throw _errors.At(token.At, $"Encountered unknown tag '{token.Text}'.", Nearest.Suggest(token.Text, Tags)),
        };
        _stream.Expect(TokenKind.BlockEnd, "end of statement block");
        return statement;
    }

    private Block Print()
    {
        List<Statement> outputs = [];
        do
        {
            outputs.Add(new Output(_expressions.Parse()));
        }
        while (_stream.Skip(","));
        return new Block([.. outputs]);
    }

    private For For(int at)
    {
        var target = AssignTarget(() => _stream.Current.IsName("in"), withNamespace: false);
        _stream.ExpectName("in");
        var iterable = _expressions.ParseTuple(withConditional: false, isEnd: () => _stream.Current.IsName("recursive"));
        var test = _stream.SkipName("if") ? _expressions.Parse() : null;
        var isRecursive = _stream.SkipName("recursive");
        EndOfTag();
        _loops++;
        var body = Body("for", at, "endfor", "else");
        _loops--;
        Block? otherwise = null;
        if (_stream.SkipName("else"))
        {
            EndOfTag();
            otherwise = Body("for", at, "endfor");
        }
        _stream.ExpectName("endfor");
        return new For(target, iterable, test, body, otherwise, isRecursive);
    }

    private If If(int at)
    {
        List<(Expression, Block)> branches = [];
        Block? otherwise = null;
        _expressions.Conditional++;
        do
        {
            var test = _expressions.ParseTuple(withConditional: false);
            EndOfTag();
            branches.Add((test, Body("if", at, "elif", "else", "endif")));
        }
        while (_stream.SkipName("elif"));
        if (_stream.SkipName("else"))
        {
            EndOfTag();
            otherwise = Body("if", at, "endif");
        }
        _expressions.Conditional--;
        _stream.ExpectName("endif");
        return new If([.. branches], otherwise);
    }

    private Statement Set(int at)
    {
        var target = AssignTarget(() => _stream.Current.Is("="), withNamespace: true);
        if (_stream.Skip("="))
        {
            return new Set(target, _expressions.ParseTuple());
        }
        var filter = _stream.Skip("|") ? _expressions.ParseFilters() : null;
        return new SetBlock(target, new Captured(at, Enclosed("set", at, "endset")), filter);
    }

    private MacroDefinition Macro(int at)
    {
        var name = _stream.Expect(TokenKind.Name, "name").Text;
        return new MacroDefinition(MacroText(name, at, Parameters(), "macro", "endmacro"));
    }

    private CallBlock Call(int at)
    {
        var parameters = _stream.Current.Is("(") ? Parameters() : [];
        var call = _expressions.Parse() as Call ?? throw _errors.At(at, "expected call");
        return new CallBlock(call, MacroText("caller", at, parameters, "call", "endcall"));
    }

    private Macro MacroText(string name, int at, (string, Expression?)[] parameters, string tag, string end)
    {
        HashSet<string> uses = [];
        _macroUses.Push(uses);
        var body = Enclosed(tag, at, end);
        _macroUses.Pop();
        return new Macro(name, parameters, body, uses, at);
    }

    private (string Name, Expression? Default)[] Parameters()
    {
        _stream.Expect("(");
        List<(string, Expression?)> parameters = [];
        while (!_stream.Current.Is(")"))
        {
            if (parameters.Count > 0)
            {
                _stream.Expect(",");
            }
            var name = _stream.Expect(TokenKind.Name, "name");
            var ifAbsent = _stream.Skip("=") ? _expressions.Parse() : null;
            if (ifAbsent is null && parameters is [.., (_, not null)])
            {
                throw _errors.At(name.At, "non-default argument follows default argument");
            }
            parameters.Add((name.Text, ifAbsent));
        }
        _stream.Expect(")");
        return [.. parameters];
    }

    private Output Filter(int at)
    {
        var filter = _expressions.ParseFilters();
        return new Output(filter(new Captured(at, Enclosed("filter", at, "endfilter"))));
    }

    private With With(int at)
    {
        List<(Target, Expression)> assignments = [];
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
            {
                _stream.Expect(",");
            }
            var target = AssignTarget(() => _stream.Current.Is("="), withNamespace: false);
            _stream.Expect("=");
            assignments.Add((target, _expressions.Parse()));
        }
        EndOfTag();
        var body = Body("with", at, "endwith");
        _stream.ExpectName("endwith");
        return new With([.. assignments], body);
    }

    /// <summary>Marks what the model wrote, for training masks; in a rendering it is a block with its own scope.</summary>
    private With Generation(int at) => new([], Enclosed("generation", at, "endgeneration"));

    /// <summary>The rest of a tag's opening and its body up to the closing word; loops outside cannot be left from inside.</summary>
    private Block Enclosed(string tag, int at, string end)
    {
        var loops = _loops;
        _loops = 0;
        EndOfTag();
        var body = Body(tag, at, end);
        _loops = loops;
        _stream.ExpectName(end);
        return body;
    }

    private Target AssignTarget(Func<bool> isEnd, bool withNamespace)
    {
        var at = _stream.Current.At;
        List<Target> parts = [];
        do
        {
            if (parts.Count > 0 && isEnd())
            {
                return Target.Tuple(at, [.. parts]);
            }
            parts.Add(OneTarget(withNamespace));
        }
        while (_stream.Skip(","));
        return parts.Count == 1 ? parts[0] : Target.Tuple(at, [.. parts]);
    }

    private Target OneTarget(bool withNamespace)
    {
        if (_stream.Current.Is("("))
        {
            var open = _stream.Take();
            if (++_depth > MaxNesting)
            {
                throw _errors.At(open.At, $"nested more than {MaxNesting} deep", fault: ChatTemplateFault.Limit);
            }
            var inner = AssignTarget(() => _stream.Current.Is(")"), withNamespace);
            _depth--;
            _stream.Expect(")");
            return inner;
        }
        var name = _stream.Expect(TokenKind.Name, "name");
        if (withNamespace && _stream.Skip("."))
        {
            return Target.Attribute(name.At, name.Text, _stream.Expect(TokenKind.Name, "name").Text);
        }
        return name.Text is "true" or "false" or "none" or "True" or "False" or "None"
            ? throw _errors.At(name.At, $"can't assign to '{name.Text}'")
            : Target.Variable(name.At, name.Text);
    }

    private void EndOfTag()
    {
        _stream.Skip(":");
        _stream.Expect(TokenKind.BlockEnd, "end of statement block");
    }
}
