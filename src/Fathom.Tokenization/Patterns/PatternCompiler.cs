namespace Fathom.Tokenization.Patterns;

/// <summary>Compiles a parsed pattern to a list of instructions.</summary>
internal sealed class PatternCompiler
{
    private const int MaxSize = 20_000;
    private readonly List<Instruction> _code = [];
    private readonly string _pattern;
    private bool _emptyLoops;

    private PatternCompiler(string pattern) => _pattern = pattern;

    /// <summary>Compiles a pattern; also says whether a repetition in it can go round without taking text.</summary>
    /// <exception cref="PatternSyntaxException">It is too large.</exception>
    public static (Instruction[] Code, bool EmptyLoops) Compile(string pattern, Node node)
    {
        var compiler = new PatternCompiler(pattern);
        compiler.Emit(node);
        compiler.Add(new Instruction(Operation.Match));
        return ([.. compiler._code], compiler._emptyLoops);
    }

    private void Emit(Node node)
    {
        switch (node)
        {
            case Node.Empty:
                break;
            case Node.Set set:
                Add(new Instruction(Operation.Set) { Set = set.Scalars });
                break;
            case Node.Sequence sequence:
                foreach (var item in sequence.Items)
                {
                    Emit(item);
                }

                break;
            case Node.Choice choice:
                EmitChoice(choice.Items);
                break;
            case Node.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case Node.Assertion assertion:
                Add(new Instruction(Operation.Assert) { Assertion = assertion.Kind });
                break;
            case Node.Look { Behind: false } look:
                EmitSub(new Instruction(Operation.LookAhead) { Negative = look.Negative }, look.Item);
                break;
            case Node.Look look:
                EmitBehind(look);
                break;
            case Node.Atomic atomic:
                EmitSub(new Instruction(Operation.Atomic), atomic.Item);
                break;
            case Node.Cluster:
                Add(new Instruction(Operation.Cluster));
                break;
        }
    }

    private void EmitChoice(IReadOnlyList<Node> items)
    {
        List<int> jumps = [];
        for (var i = 0; i < items.Count - 1; i++)
        {
            var split = Add(default);
            Emit(items[i]);
            jumps.Add(Add(default));
            _code[split] = new Instruction(Operation.Split) { Target = split + 1, Other = _code.Count };
        }

        Emit(items[^1]);
        foreach (var jump in jumps)
        {
            _code[jump] = new Instruction(Operation.Jump) { Target = _code.Count };
        }
    }

    private void EmitRepeat(Node.Repeat repeat)
    {
        if (repeat is { Item: Node.Set set, Kind: not RepeatKind.Lazy })
        {
            Add(new Instruction(repeat.Kind == RepeatKind.Greedy ? Operation.Run : Operation.RunOnly)
            {
                Set = set.Scalars,
                Other = repeat.Min,
                Max = repeat.Max < 0 ? int.MaxValue : repeat.Max,
            });
            return;
        }

        if (repeat.Kind == RepeatKind.Possessive)
        {
            EmitSub(new Instruction(Operation.Atomic), repeat with { Kind = RepeatKind.Greedy });
            return;
        }

        for (var i = 0; i < repeat.Min; i++)
        {
            Emit(repeat.Item);
        }

        if (repeat.Max < 0)
        {
            _emptyLoops |= repeat.Item.Nullable();
            var loop = Add(default);
            Emit(repeat.Item);
            Add(new Instruction(Operation.Jump) { Target = loop });
            _code[loop] = Fork(repeat.Kind, loop + 1, _code.Count);
            return;
        }

        List<int> forks = [];
        for (var i = repeat.Min; i < repeat.Max; i++)
        {
            forks.Add(Add(default));
            Emit(repeat.Item);
        }

        foreach (var fork in forks)
        {
            _code[fork] = Fork(repeat.Kind, fork + 1, _code.Count);
        }
    }

    // Every alternative stands its own width before the place.
    private void EmitBehind(Node.Look look)
    {
        IReadOnlyList<Node> branches = look.Item is Node.Choice choice ? choice.Items : [look.Item];
        if (!look.Negative && branches.Count > 1)
        {
            EmitChoice([.. branches.Select(branch => look with { Item = branch })]);
            return;
        }

        foreach (var branch in branches)
        {
            EmitSub(new Instruction(Operation.LookBehind) { Other = branch.Width()!.Value, Negative = look.Negative }, branch);
        }
    }

    private static Instruction Fork(RepeatKind kind, int body, int exit) => kind == RepeatKind.Lazy
        ? new Instruction(Operation.Split) { Target = exit, Other = body }
        : new Instruction(Operation.Split) { Target = body, Other = exit };

    private void EmitSub(Instruction instruction, Node body)
    {
        var at = Add(default);
        Emit(body);
        Add(new Instruction(Operation.Match));
        _code[at] = instruction with { Target = _code.Count };
    }

    private int Add(Instruction instruction)
    {
        if (_code.Count >= MaxSize)
        {
            throw new PatternSyntaxException(_pattern, _pattern.Length, $"it unfolds to more than {MaxSize} steps");
        }

        _code.Add(instruction);
        return _code.Count - 1;
    }
}
