using System.Collections.Frozen;
using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The tests after <c>is</c>.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Func<Rendering, object?, Arguments, bool>> Table = new Dictionary<string, Func<Rendering, object?, Arguments, bool>>
    {
        ["defined"] = (_, v, _) => v is not Undefined,
        ["undefined"] = (_, v, _) => v is Undefined,
        ["none"] = (_, v, _) => v is null,
        ["boolean"] = (_, v, _) => v is bool,
        ["true"] = (_, v, _) => v is true,
        ["false"] = (_, v, _) => v is false,
        ["integer"] = (_, v, _) => v is BigInteger,
        ["float"] = (_, v, _) => v is double,
        ["number"] = (_, v, _) => Numbers.IsNumber(v),
        ["string"] = (_, v, _) => v is string or Markup,
        ["mapping"] = (_, v, _) => v is MappingValue,
        ["sequence"] = (_, v, _) => v is string or Markup or SequenceValue or MappingValue or RangeValue or Undefined,
        ["iterable"] = (_, v, _) => Iteration.IsIterable(v),
        ["callable"] = (_, v, _) => v is Callable or Undefined,
        ["escaped"] = (_, v, _) => v is Markup,
        ["sameas"] = (run, v, a) => Same(v, a.Bind(run, "sameas", 1, "other")[0]),
        ["lower"] = (run, v, _) => TextMethods.Is(run, "islower", TextValue.Of(run, v)),
        ["upper"] = (run, v, _) => TextMethods.Is(run, "isupper", TextValue.Of(run, v)),
        ["odd"] = (run, v, _) => Equality.AreEqual(run, Arithmetic.Apply(run, "%", v, new BigInteger(2)), BigInteger.One),
        ["even"] = (run, v, _) => Equality.AreEqual(run, Arithmetic.Apply(run, "%", v, new BigInteger(2)), BigInteger.Zero),
        ["divisibleby"] = (run, v, a) => Equality.AreEqual(run, Arithmetic.Apply(run, "%", v, a.Bind(run, "divisibleby", 1, "num")[0]), BigInteger.Zero),
        ["in"] = (run, v, a) => Iteration.Contains(run, a.Bind(run, "in", 1, "seq")[0], v),
        ["filter"] = (_, v, _) => v is string name && Filters.Exists(name),
        ["test"] = (_, v, _) => v is string name && Exists(name),
        ["eq"] = (run, v, a) => Equality.AreEqual(run, v, a.Bind(run, "eq", 1, "other")[0]),
        ["ne"] = (run, v, a) => !Equality.AreEqual(run, v, a.Bind(run, "ne", 1, "other")[0]),
        ["lt"] = (run, v, a) => Ordering.Holds(run, "<", v, a.Bind(run, "lt", 1, "other")[0]),
        ["le"] = (run, v, a) => Ordering.Holds(run, "<=", v, a.Bind(run, "le", 1, "other")[0]),
        ["gt"] = (run, v, a) => Ordering.Holds(run, ">", v, a.Bind(run, "gt", 1, "other")[0]),
        ["ge"] = (run, v, a) => Ordering.Holds(run, ">=", v, a.Bind(run, "ge", 1, "other")[0]),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["=="] = "eq", ["equalto"] = "eq", ["!="] = "ne", ["<"] = "lt", ["lessthan"] = "lt", ["<="] = "le", [">"] = "gt", ["greaterthan"] = "gt", [">="] = "ge",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Compared = FrozenSet.ToFrozenSet(["sameas", "divisibleby", "in", "eq", "ne", "lt", "le", "gt", "ge"]);

    /// <summary>Every name.</summary>
    public static IEnumerable<string> Names => Table.Keys.Concat(Aliases.Keys);

    /// <summary>Whether there is a test of that name.</summary>
    public static bool Exists(string name) => Table.ContainsKey(name) || Aliases.ContainsKey(name);

    /// <summary>Applies a test.</summary>
    public static bool Apply(Rendering run, string name, object? value, Arguments arguments)
    {
        run.Step();
        name = Aliases.GetValueOrDefault(name, name);
        if (Table.TryGetValue(name, out var test))
        {
            // "a is string not in b" reads as a test with an argument, here as in the reference.
            return test(run, value, Compared.Contains(name) ? arguments : NoMore(run, name, arguments));
        }
        throw run.Fail(ChatTemplateFault.UnknownName, $"No test named {TextRepr.Quote(name)}.", Nearest.Suggest(name, Names));
    }

    private static Arguments NoMore(Rendering run, string name, Arguments arguments)
    {
        arguments.BindNone(run, name);
        return arguments;
    }

    // Python shares one object for equal short texts and for whole numbers near zero.
    private static bool Same(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => x == y,
        (bool x, bool y) => x == y,
        (BigInteger x, BigInteger y) when x == y && x >= -5 && x <= 256 => true,
        _ => ReferenceEquals(a, b),
    };
}
