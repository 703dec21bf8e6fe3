using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The functions every template sees.</summary>
internal static class Globals
{
    /// <summary>A scope with the functions.</summary>
    public static Scope Create()
    {
        Scope scope = new(null);
        foreach (var function in new[]
        {
            new NativeFunction("range", Range),
            new NativeFunction("dict", Dict),
            new NativeFunction("namespace", Namespace),
            new NativeFunction("cycler", (run, a) => new Cycler(run, a)),
            new NativeFunction("joiner", (run, a) => new Joiner(a.Bind(run, "joiner", 0, "sep")[0] is { } separator ? TextValue.Of(run, separator) : ", ")),
            new NativeFunction("raise_exception", (run, a) => throw run.Fail(ChatTemplateFault.Raised, TextValue.Of(run, a.Bind(run, "raise_exception", 1, "message")[0]), "The template refuses this conversation; change the messages, or use another template.")),
            new NativeFunction("strftime_now", (run, a) => DateText.Format(run, run.Now ?? throw run.Unsupported("reading the clock", "Pass the parameter 'now' to Render: a rendering must not depend on when it is done."), a.Bind(run, "strftime_now", 1, "format").Text(0))),
            new NativeFunction("lipsum", (run, _) => throw run.Unsupported("random text", "A rendering must not depend on chance.")),
        })
        {
            scope.Set(function.Name, function);
        }
        scope.Set("self", new Self());
        return scope;
    }

    private static object Range(Rendering run, Arguments arguments)
    {
        var numbers = arguments.Positional.Select(p => Numbers.TryInteger(p, out var n) ? n
            : throw run.TypeError($"'{TypeName.Of(p)}' object cannot be interpreted as an integer")).ToArray();
        RangeValue range = (numbers.Length, arguments.Named.Count) switch
        {
            (1, 0) => new(0, numbers[0], 1),
            (2, 0) => new(numbers[0], numbers[1], 1),
            (3, 0) => new(numbers[0], numbers[1], numbers[2].IsZero ? throw run.ValueError("range() arg 3 must not be zero") : numbers[2]),
            _ => throw run.TypeError($"range expected 1 to 3 arguments, got {numbers.Length}"),
        };
        return range.Length <= RangeValue.LongestRange ? range
            : throw run.ValueError($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({RangeValue.LongestRange}).");
    }

    private static object Dict(Rendering run, Arguments arguments)
    {
        MappingValue mapping = new();
        foreach (var source in arguments.Positional)
        {
            foreach (var item in source is MappingValue other ? [.. other.Items] : Pairs(run, source))
            {
                mapping.Set(run, item.Key, item.Value);
            }
        }
        foreach (var (name, value) in arguments.Named)
        {
            mapping.Set(run, name, value);
        }
        run.ChargeItems(4L * mapping.Items.Count);
        return mapping;
    }

    private static IEnumerable<KeyValuePair<object?, object?>> Pairs(Rendering run, object? source) => Iteration.Items(run, source)
        .Select(item => Iteration.Items(run, item) is { Count: 2 } pair ? KeyValuePair.Create(pair[0], pair[1])
            : throw run.ValueError("dictionary update sequence elements must have length 2"));

    private static object Namespace(Rendering run, Arguments arguments)
    {
        NamespaceValue names = new();
        foreach (var (key, value) in ((MappingValue)Dict(run, arguments)).Items)
        {
            names.Set(key is string name ? name : throw run.TypeError("keywords must be strings"), value);
        }
        return names;
    }

    /// <summary>The template itself, which has no blocks to offer.</summary>
    private sealed class Self : IAttributes
    {
        public string TypeName => "TemplateReference";

        public bool TryGetAttribute(Rendering run, string name, out object? value)
        {
            value = null;
            return false;
        }
    }

    /// <summary>What <c>cycler(...)</c> makes.</summary>
    private sealed class Cycler : IAttributes
    {
        private readonly IReadOnlyList<object?> _items;
        private int _at;

        public Cycler(Rendering run, Arguments arguments) =>
            _items = arguments.Positional.Count > 0 ? arguments.Positional : throw run.TypeError("at least one item has to be provided");

        public string TypeName => "Cycler";

        public bool TryGetAttribute(Rendering run, string name, out object? value)
        {
            value = name switch
            {
                "current" => _items[_at],
                "next" => new NativeFunction("next", (_, _) => _items[((_at = (_at + 1) % _items.Count) + _items.Count - 1) % _items.Count]),
                "reset" => new NativeFunction("reset", (_, _) =>
                {
                    _at = 0;
                    return null;
                }),
                _ => this,
            };
            return !ReferenceEquals(value, this);
        }
    }

    /// <summary>What <c>joiner(...)</c> makes: nothing the first time, then the separator.</summary>
    private sealed class Joiner(string separator) : Callable
    {
        private bool _used;

        public override string Name => "joiner";

        public override string TypeName => "Joiner";

        public override object? Call(Rendering run, Arguments arguments)
        {
            var text = _used ? separator : "";
            _used = true;
            return text;
        }
    }
}
