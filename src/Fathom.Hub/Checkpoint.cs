using System.Globalization;

namespace Fathom.Hub;

/// <summary>A moment of a training run: a step, a number of tokens, a place in the list of saved moments, or the label that the run gives it.</summary>
/// <remarks><see cref="CheckpointList.At"/> finds the revision or the file that holds it.</remarks>
public sealed record Checkpoint
{
    private Checkpoint(string kind, long number, string text)
    {
        Kind = kind;
        Number = number;
        Text = text;
    }

    internal string Kind { get; }

    internal long Number { get; }

    internal string Text { get; }

    /// <summary>The weights after <paramref name="step"/> optimiser steps.</summary>
    /// <param name="step">0 or more.</param>
    public static Checkpoint Step(long step) => Counted("step", step);

    /// <summary>The weights after <paramref name="tokens"/> tokens, for runs that count tokens.</summary>
    /// <param name="tokens">0 or more.</param>
    public static Checkpoint Tokens(long tokens) => Counted("token", tokens);

    /// <summary>The checkpoint at a place in the run's list, in the order of training.</summary>
    /// <param name="index">0 is the earliest; negative counts from the end, -1 is the last.</param>
    public static Checkpoint Index(int index) => new("index", index, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The checkpoint under the run's own label, e.g. <c>step3000</c> or <c>checkpoint-400</c>.</summary>
    /// <param name="label">The label.</param>
    public static Checkpoint Label(string label)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        return new Checkpoint("label", 0, label.Trim());
    }

    /// <summary>Reads what a command line gives: <c>3000</c> is a step (or tokens, if the run counts those), anything else a label.</summary>
    /// <param name="text">What was typed.</param>
    public static Checkpoint Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return long.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Checkpoint("number", number, text) : Label(text);
    }

    /// <inheritdoc/>
    public override string ToString() => Kind is "label" or "number" ? Text : $"{Kind} {Text}";

    private static Checkpoint Counted(string kind, long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new Checkpoint(kind, number, number.ToString(CultureInfo.InvariantCulture));
    }
}
