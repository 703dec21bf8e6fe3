using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Nodes;

/// <summary><c>{% for %}</c>: each turn has a scope of its own, so what it sets is gone in the next.</summary>
internal sealed class For(Target target, Expression iterable, Expression? test, Block body, Block? otherwise, bool isRecursive) : Statement
{
    /// <inheritdoc/>
    protected override Flow Do(Rendering run, Scope scope)
    {
        Loop(run, scope, iterable.Evaluate(run, scope), depth0: 0);
        return Flow.Next;
    }

    private void Loop(Rendering run, Scope scope, object? value, int depth0)
    {
        run.At = iterable.At;
        var items = Iteration.Items(run, value);
        if (test is not null)
        {
            items = Selected(run, scope, items);
        }
        LoopValue loop = new(items, depth0, isRecursive ? (r, inner, depth) => r.Capture(() => Loop(r, scope, inner, depth)) : null);
        for (; loop.Index0 < items.Count; loop.Index0++)
        {
            Scope turn = new(scope);
            run.At = target.At;
            target.Assign(run, turn, items[loop.Index0]);
            turn.Set("loop", loop);
            if (body.Execute(run, turn) == Flow.Break)
            {
                return;
            }
        }
        if (items.Count == 0)
        {
            otherwise?.Execute(run, new Scope(scope));
        }
    }

    private List<object?> Selected(Rendering run, Scope scope, IReadOnlyList<object?> items)
    {
        run.ChargeItems(items.Count);
        List<object?> selected = [];
        foreach (var item in items)
        {
            Scope turn = new(scope);
            target.Assign(run, turn, item);
            if (Truth.Of(run, test!.Evaluate(run, turn)))
            {
                selected.Add(item);
            }
        }
        return selected;
    }
}
