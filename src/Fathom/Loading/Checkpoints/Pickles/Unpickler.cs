using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>Decodes the opcodes of one pickle into inert values. A name is a table look-up, a call runs a rule of <see cref="PickleCalls"/>.</summary>
/// <remarks>Source: the pickle protocols 2 to 5, https://docs.python.org/3/library/pickletools.html; the opcodes are those torch's restricted reader accepts, and the harmless ones of protocols 3 to 5.</remarks>
internal sealed class Unpickler(ByteSource source, ByteCursor cursor, Func<PickleValue, PickleStorage> persistent)
{
    /// <summary>The largest pickle read: state dicts of a million tensors stay below.</summary>
    public const long LargestPickle = 64L << 20;

    private const int Deepest = 100, MostOpcodes = 10_000_000, MostMemo = 1_000_000, LongestText = 1 << 20, LongestName = 256, MostStack = 1_000_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<PickleValue> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, PickleValue> _memo = [];
    private readonly PickleCalls _calls = new(source);
    private readonly long _start = cursor.Position;

    private int Fence => _marks.TryPeek(out var mark) ? mark : 0;

    /// <summary>Decodes up to and including STOP.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public PickleValue Read()
    {
        Protocol();
        byte previous = 0;
        for (var n = 0; n < MostOpcodes && cursor.Position - _start <= LargestPickle; n++)
        {
            var at = cursor.Position - _start;
            var opcode = cursor.Byte("the pickle, which ends early");
            if (opcode == '.')
            {
                return Result();
            }

            if (opcode == 0x94 && previous == 0x94)
            {
                throw source.Invalid("MEMOIZE follows MEMOIZE: no writer stores one value in the memo twice.");
            }

            Step(opcode, at);
            previous = opcode;
            if (_stack.Count > MostStack || _memo.Count > MostMemo)
            {
                throw source.Invalid($"the pickle keeps more than {MostStack} values on its stack or in its memo.");
            }
        }

        throw source.Invalid($"the pickle has more than {MostOpcodes} opcodes or {LargestPickle} bytes.");
    }

    private void Protocol()
    {
        if (cursor.Byte("the pickle, which ends early") != 0x80)
        {
            throw source.Invalid("the pickle does not begin with PROTO: protocols 2 to 5 are read, the text protocols 0 and 1 are not. Save the checkpoint again with torch.save.");
        }

        var protocol = cursor.Byte("the pickle, which ends early");
        if (protocol is < 2 or > 5)
        {
            throw source.Invalid($"pickle protocol {protocol} is not read (PROTO must be 2 to 5). Save the checkpoint again with torch.save.");
        }
    }

    private PickleValue Result() => _stack.Count == 1 && _marks.Count == 0
        ? _stack[0]
        : throw source.Invalid($"the pickle stops with {_stack.Count} values and {_marks.Count} open marks; one value must be left.");

    private void Step(byte opcode, long at)
    {
        switch ((char)opcode)
        {
            case '(': _marks.Push(_stack.Count); break;
            case ')': Push(new PickleTuple([])); break;
            case ']': Push(new PickleList()); break;
            case '}': Push(new PickleDict(ordered: false)); break;
            case '\u008F': Push(new PickleSet()); break;
            case 't': Push(new PickleTuple(PopToMark("TUPLE"))); break;
            case '\u0085': Push(new PickleTuple(PopMany(1))); break;
            case '\u0086': Push(new PickleTuple(PopMany(2))); break;
            case '\u0087': Push(new PickleTuple(PopMany(3))); break;
            case 'a': Append("APPEND", [Pop("APPEND")]); break;
            case 'e': Append("APPENDS", PopToMark("APPENDS")); break;
            case '\u0090': AddItems(PopToMark("ADDITEMS")); break;
            case 's': SetItems("SETITEM", PopMany(2)); break;
            case 'u': SetItems("SETITEMS", PopToMark("SETITEMS")); break;
            case 'N': Push(new PickleInert("None")); break;
            case '\u0088': Push(new PickleBoolean(true)); break;
            case '\u0089': Push(new PickleBoolean(false)); break;
            case 'J': Push(new PickleInteger((int)cursor.UInt32("BININT"))); break;
            case 'K': Push(new PickleInteger(cursor.Byte("BININT1"))); break;
            case 'M': Push(new PickleInteger(cursor.UInt16("BININT2"))); break;
            case '\u008A': Push(Long(cursor.Byte("LONG1"))); break;
            case '\u008B': Push(Long(Signed("LONG4"))); break;
            case 'G': Push(new PickleReal(BinaryPrimitives.ReadDoubleBigEndian(cursor.Take(8, "BINFLOAT")))); break;
            case 'X': Push(Text(cursor.UInt32("BINUNICODE"))); break;
            case '\u008C': Push(Text(cursor.Byte("SHORT_BINUNICODE"))); break;
            case '\u008D': Push(Text(cursor.UInt64("BINUNICODE8"))); break;
            case 'U': Push(ByteString(cursor.Byte("SHORT_BINSTRING"))); break;
            case 'T': Push(ByteString(Signed("BINSTRING"))); break;
            case 'C': Push(new PickleBytes(Bytes(cursor.Byte("SHORT_BINBYTES")))); break;
            case 'B': Push(new PickleBytes(Bytes(cursor.UInt32("BINBYTES")))); break;
            case '\u008E': Push(new PickleBytes(Bytes(cursor.UInt64("BINBYTES8")))); break;
            case '\u0096': Push(new PickleBytes(Bytes(cursor.UInt64("BYTEARRAY8")))); break;
            case 'q': Put(cursor.Byte("BINPUT")); break;
            case 'r': Put(cursor.UInt32("LONG_BINPUT")); break;
            case '\u0094': Put((uint)_memo.Count); break;
            case 'h': Get(cursor.Byte("BINGET")); break;
            case 'j': Get(cursor.UInt32("LONG_BINGET")); break;
            case 'c': Push(Global(Line(), Line())); break;
            case '\u0093': StackGlobal(); break;
            case 'Q': Push(persistent(Pop("BINPERSID"))); break;
            case 'R': Reduce(); break;
            case 'b': Build(); break;
            case '\u0095': cursor.Count(cursor.UInt64("FRAME"), 1, "a FRAME of the pickle, whose length goes beyond the pickle,"); break;
            default: throw source.Invalid($"the opcode {PickleOpcodes.Name(opcode)} at byte {at} is not in the closed set that a state dict needs.");
        }
    }

    private void Push(PickleValue value) => _stack.Add(value is PickleTuple { Depth: > Deepest } ? throw source.Invalid($"the pickle nests deeper than {Deepest} tuples.") : value);

    private PickleValue Pop(string opcode)
    {
        if (_stack.Count <= Fence)
        {
            throw source.Invalid($"stack underflow: {opcode} finds no value on the pickle's stack.");
        }

        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private PickleValue[] PopMany(int count)
    {
        var values = new PickleValue[count];
        for (var i = count - 1; i >= 0; i--)
        {
            values[i] = Pop("TUPLE or SETITEM");
        }

        return values;
    }

    private PickleValue[] PopToMark(string opcode)
    {
        if (!_marks.TryPop(out var mark))
        {
            throw source.Invalid($"stack underflow: {opcode} finds no mark.");
        }

        PickleValue[] values = [.. _stack[mark..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private PickleValue Top(string opcode) => _stack.Count > Fence ? _stack[^1] : throw source.Invalid($"stack underflow: {opcode} finds no value on the pickle's stack.");

    private void Append(string opcode, PickleValue[] items)
    {
        if (Top(opcode) is not PickleList list)
        {
            throw source.Invalid($"{opcode} needs a list but finds {Top(opcode).Kind}.");
        }

        list.Items.AddRange(items);
    }

    private void AddItems(PickleValue[] items)
    {
        if (Top("ADDITEMS") is not PickleSet set)
        {
            throw source.Invalid($"ADDITEMS needs a set but finds {Top("ADDITEMS").Kind}.");
        }

        set.Items.AddRange(_calls.SetMembers(items));
    }

    private void SetItems(string opcode, PickleValue[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw source.Invalid($"{opcode} has an odd count of values.");
        }

        if (Top(opcode) is not PickleDict dict)
        {
            throw source.Invalid($"{opcode} needs a dict but finds {Top(opcode).Kind}.");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            if (dict.Add(items[i], items[i + 1]) is { } problem)
            {
                throw source.Invalid(problem);
            }
        }
    }

    private void Put(uint index) => _memo[index] = Top("a memo store");

    private void Get(uint index) => Push(_memo.TryGetValue(index, out var value) ? value : throw source.Invalid($"the pickle asks for memo entry {index}, which was never stored (an unknown index)."));

    private void StackGlobal()
    {
        PickleValue name = Pop("STACK_GLOBAL"), module = Pop("STACK_GLOBAL");
        Push(module is PickleText m && name is PickleText n ? Global(m.Value, n.Value) : throw source.Invalid("STACK_GLOBAL needs two strings."));
    }

    private PickleGlobal Global(string module, string name) => PickleGlobals.Find(module, name) ?? throw source.Invalid(PickleGlobals.Explain(module, name));

    private void Reduce()
    {
        PickleValue arguments = Pop("REDUCE"), function = Pop("REDUCE");
        if (function is not PickleGlobal global)
        {
            throw source.Invalid($"REDUCE calls {function.Kind}; only a global can be called.");
        }

        Push(arguments is PickleTuple tuple ? _calls.Call(global, tuple.Items) : throw source.Invalid($"REDUCE of {global.Name} has {arguments.Kind} instead of its arguments."));
    }

    private void Build()
    {
        var state = Pop("BUILD");
        switch (Top("BUILD"), state)
        {
            case (PickleDict { Ordered: true }, PickleDict { Ordered: false }):
                // Carries _metadata; attributes of an OrderedDict are no weights.
                return;
            case (PickleDict { Ordered: true }, _):
                throw source.Invalid($"BUILD of an OrderedDict has {state.Kind} as its state; a plain dict is expected.");
            case (PickleInert { Text: PickleCalls.NumpyTypeText }, PickleTuple):
                return;
            default:
                throw source.Invalid($"BUILD on {Top("BUILD").Kind} is not read: only an OrderedDict has state here, and a tensor's geometry comes from its rebuild call alone.");
        }
    }

    private long Signed(string opcode) => (int)cursor.UInt32(opcode) is var length && length >= 0 ? length : throw source.Invalid($"{opcode} has the length {length}: it goes beyond the pickle.");

    private PickleValue Long(long length)
    {
        BigInteger value = new(Bytes((ulong)length));
        return value >= long.MinValue && value <= long.MaxValue ? new PickleInteger((long)value) : new PickleInert("an integer beyond 64 bits");
    }

    private PickleText Text(ulong length)
    {
        var bytes = Bytes(length);
        try
        {
            return new(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException e)
        {
            throw source.Invalid("a string of the pickle is not UTF-8 (a lone surrogate, or broken bytes).", e);
        }
    }

    private PickleText ByteString(long length)
    {
        // What Python 2 wrote for str. Its names are ASCII; Latin-1 keeps every other byte apart too.
        return new(Encoding.Latin1.GetString(Bytes((ulong)length)));
    }

    private byte[] Bytes(ulong length)
    {
        var count = cursor.Count(length, 1, "a string of the pickle, whose length goes beyond the pickle,");
        return count <= LongestText ? cursor.Bytes(length, "a string of the pickle") : throw source.Invalid($"a string of the pickle has {length} bytes; at most {LongestText} are read.");
    }

    private string Line()
    {
        StringBuilder line = new();
        for (var c = cursor.Byte("a name, so the pickle ends early"); c != '\n'; c = cursor.Byte("a name, so the pickle ends early"))
        {
            if (c >= 0x80 || line.Length == LongestName)
            {
                throw source.Invalid(c >= 0x80 ? "a global's name is not ASCII (not UTF-8, or foreign letters)." : $"a global's name is longer than {LongestName} characters.");
            }

            line.Append((char)c);
        }

        return line.ToString();
    }
}
