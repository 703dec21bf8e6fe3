using System.Numerics;
using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>What a call passes: values by place and by name.</summary>
internal sealed class Arguments(IReadOnlyList<object?> positional, IReadOnlyList<KeyValuePair<string, object?>> named)
{
    /// <summary>No arguments.</summary>
    public static Arguments None { get; } = new([], []);

    /// <summary>Values by place.</summary>
    public IReadOnlyList<object?> Positional => positional;

    /// <summary>Values by name.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Named => named;

    /// <summary>Assigns the values to parameters.</summary>
    /// <param name="run">The rendering.</param>
    /// <param name="function">The function's name, for messages.</param>
    /// <param name="required">How many parameters have no default.</param>
    /// <param name="parameters">The parameters' names in order.</param>
    public Bound Bind(Rendering run, string function, int required, params ReadOnlySpan<string> parameters)
    {
        if (positional.Count > parameters.Length)
        {
            throw run.TypeError($"{function}() takes at most {parameters.Length} arguments ({positional.Count} given)");
        }
        var values = new object?[parameters.Length];
        var given = new bool[parameters.Length];
        for (var i = 0; i < positional.Count; i++)
        {
            (values[i], given[i]) = (positional[i], true);
        }
        foreach (var (name, value) in named)
        {
            var at = parameters.IndexOf(name);
            if (at < 0)
            {
                throw run.TypeError($"{function}() got an unexpected keyword argument '{name}'", Nearest.Suggest(name, parameters.ToArray()));
            }
            if (given[at])
            {
                throw run.TypeError($"{function}() got multiple values for argument '{name}'");
            }
            (values[at], given[at]) = (value, true);
        }
        for (var i = 0; i < required; i++)
        {
            if (!given[i])
            {
                throw run.TypeError($"{function}() missing 1 required positional argument: '{parameters[i]}'");
            }
        }
        return new Bound(run, function, parameters.ToArray(), values, given);
    }

    /// <summary>Refuses any argument.</summary>
    public void BindNone(Rendering run, string function) => Bind(run, function, 0);

    /// <summary>The arguments without the first positional one.</summary>
    public Arguments Skip(int count) => new([.. positional.Skip(count)], named);

    /// <summary>Arguments assigned to parameters.</summary>
    internal readonly struct Bound(Rendering run, string function, string[] names, object?[] values, bool[] given)
    {
        /// <summary>The value of a parameter, null if it was left out.</summary>
        public object? this[int index] => values[index];

        /// <summary>Whether a parameter was passed.</summary>
        public bool Has(int index) => given[index];

        /// <summary>A parameter that is text.</summary>
        public string Text(int index, string? ifAbsent = null) => !given[index] && ifAbsent is not null
            ? ifAbsent
            : values[index] is string or Markup ? TextValue.Raw(values[index]) : throw Wrong(index, "a string");

        /// <summary>A parameter that is a whole number within 32 bits; larger ones are clamped.</summary>
        public int Integer(int index, int ifAbsent)
        {
            if (!given[index])
            {
                return ifAbsent;
            }
            return Numbers.TryInteger(values[index], out var number)
                ? (int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, number))
                : throw Wrong(index, "an integer");
        }

        /// <summary>A parameter that is used as a truth value.</summary>
        public bool Flag(int index, bool ifAbsent) => given[index] ? Truth.Of(run, values[index]) : ifAbsent;

        private ChatTemplateException Wrong(int index, string expected) =>
            values[index] is Undefined undefined ? run.Fail(undefined)
            : run.TypeError($"{function}(): argument '{names[index]}' must be {expected}, not {TypeName.Of(values[index])}");
    }
}
