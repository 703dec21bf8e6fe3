using System.Globalization;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Patterns;

/// <summary>Runs a compiled pattern over one text: backtracking that remembers what failed, so that it cannot blow up.</summary>
internal ref struct Matcher
{
    private readonly Instruction[] _code;
    private readonly ReadOnlySpan<int> _text;
    private readonly string _pattern;
    private readonly RunMemory[] _runs;
    private readonly long _budget;
    private Frame[] _stack = new Frame[32];
    private int _depth;
    private long _steps;
    private long _rememberAfter;
    private int _generation;
    private HashSet<(int Generation, int At, int Position)>? _seen;

    public Matcher(Instruction[] code, bool emptyLoops, string pattern, ReadOnlySpan<int> text)
    {
        _code = code;
        _pattern = pattern;
        _text = text;
        _runs = new RunMemory[code.Length];
        Array.Fill(_runs, new RunMemory(1, 0, 1, 0));
        _budget = 100_000_000 + (1000L * text.Length);
        _rememberAfter = emptyLoops ? -1 : 2000 + (16L * text.Length);
    }

    /// <summary>Finds the first match that begins at or after a place.</summary>
    public bool TryFind(int from, out int start, out int end)
    {
        for (start = from; start <= _text.Length; start++)
        {
            end = Run(0, start);
            if (end >= 0)
            {
                _seen = null; // It also holds what led to this match.
                return true;
            }
        }

        end = -1;
        return false;
    }

    // The end of a match of the (sub-)pattern at an instruction, or -1.
    private int Run(int at, int position)
    {
        var floor = _depth;
        var generation = _generation;
        while (true)
        {
            if (++_steps > _budget)
            {
                throw new TokenizationException("pattern", string.Create(CultureInfo.InvariantCulture, $"{_pattern} needs more than {_budget} steps on a text of {_text.Length} characters."));
            }

            ref readonly var step = ref _code[at];
            var goesOn = true;
            switch (step.Operation)
            {
                case Operation.Match:
                    _depth = floor;
                    return position;
                case Operation.Set:
                    goesOn = position < _text.Length && step.Set!.Contains(_text[position]);
                    position++;
                    at++;
                    break;
                case Operation.Run:
                case Operation.RunOnly:
                    goesOn = TryRun(step, at, ref position);
                    at++;
                    break;
                case Operation.Split:
                    goesOn = IsNew(generation, at, position);
                    if (goesOn)
                    {
                        Push(new Frame(step.Other, position, position, -1));
                        at = step.Target;
                    }

                    break;
                case Operation.Jump:
                    at = step.Target;
                    break;
                case Operation.Assert:
                    goesOn = Holds(step.Assertion, position);
                    at++;
                    break;
                case Operation.LookAhead:
                    goesOn = Sub(at + 1, position) >= 0 != step.Negative;
                    at = step.Target;
                    break;
                case Operation.LookBehind:
                    goesOn = (position >= step.Other && Sub(at + 1, position - step.Other) >= 0) != step.Negative;
                    at = step.Target;
                    break;
                case Operation.Atomic:
                    position = Sub(at + 1, position);
                    goesOn = position >= 0;
                    at = step.Target;
                    break;
                case Operation.Cluster:
                    goesOn = position < _text.Length;
                    position += goesOn ? GraphemeClusters.Length(_text, position) : 0;
                    at++;
                    break;
            }

            if (!goesOn)
            {
                if (_depth == floor)
                {
                    return -1;
                }

                (at, position) = Pop();
            }
        }
    }

    private int Sub(int at, int position)
    {
        var outer = _generation;
        _generation = outer + 1 + (int)(_steps & 0x3FFFFFFF);
        var end = Run(at, position);
        _generation = outer;
        return end;
    }

    private bool TryRun(in Instruction step, int at, ref int position)
    {
        ref var memory = ref _runs[at];
        if (position < memory.Start || position > memory.End)
        {
            var end = position;
            while (end < _text.Length && step.Set!.Contains(_text[end]))
            {
                end++;
            }

            memory = memory with { Start = position, End = end };
        }

        var low = position + step.Other;
        var high = step.Max == int.MaxValue ? memory.End : Math.Min(memory.End, position + step.Max);
        // Ends from which the rest is known to fail are not tried again.
        var from = high <= memory.FailHigh && high >= memory.FailLow ? memory.FailLow - 1 : high;
        if (from < low)
        {
            return false;
        }

        if (from > low && step.Operation == Operation.Run)
        {
            Push(new Frame(at + 1, from - 1, low, high));
        }

        position = step.Operation == Operation.Run ? from : high;
        return true;
    }

    private (int At, int Position) Pop()
    {
        ref var frame = ref _stack[_depth - 1];
        var (at, position) = (frame.At, frame.Position);
        if (frame.High < 0)
        {
            _depth--;
            return (at, position);
        }

        // Everything from here up to the run's end has failed to go on.
        ref var memory = ref _runs[at - 1];
        memory = memory with { FailLow = position + 1, FailHigh = frame.High };
        if (position > frame.Low)
        {
            frame = frame with { Position = position - 1 };
        }
        else
        {
            _depth--;
        }

        return (at, position);
    }

    private bool IsNew(int generation, int at, int position) =>
        _steps < _rememberAfter || (_seen ??= []).Add((generation, at, position));

    private void Push(Frame frame)
    {
        if (_depth == _stack.Length)
        {
            Array.Resize(ref _stack, _depth * 2);
        }

        _stack[_depth++] = frame;
    }

    private readonly bool Holds(AssertionKind kind, int position) => kind switch
    {
        AssertionKind.TextStart => position == 0,
        AssertionKind.TextEnd => position == _text.Length,
        AssertionKind.TextEndOrLineFeed => position == _text.Length || (position == _text.Length - 1 && _text[position] == '\n'),
        AssertionKind.LineStart => position == 0 || (_text[position - 1] == '\n' && position < _text.Length),
        AssertionKind.LineEnd => position == _text.Length || _text[position] == '\n',
        AssertionKind.WordEdge => IsWord(position - 1) != IsWord(position),
        _ => IsWord(position - 1) == IsWord(position),
    };

    private readonly bool IsWord(int position) => (uint)position < (uint)_text.Length && CategorySets.Word.Contains(_text[position]);

    /// <summary>A way not yet taken: a place in the code and the text; for a run also how far it may be shortened, and where it ended.</summary>
    private readonly record struct Frame(int At, int Position, int Low, int High);

    /// <summary>What is known of a run: where the text of its set begins and ends, and from which ends the rest has failed.</summary>
    private readonly record struct RunMemory(int Start, int End, int FailLow, int FailHigh);
}
