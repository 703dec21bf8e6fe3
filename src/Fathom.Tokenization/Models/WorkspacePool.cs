using System.Collections.Concurrent;

namespace Fathom.Tokenization.Models;

/// <summary>Lends each call a workspace of its own, the same one again where calls follow each other.</summary>
/// <remarks>What the words cost is remembered per workspace, so nothing is shared and nothing is locked.</remarks>
internal sealed class WorkspacePool
{
    private readonly ConcurrentQueue<Workspace> _others = new();
    private Workspace? _first;

    /// <summary>Takes a workspace; give it back with <see cref="Return"/>.</summary>
    public Workspace Rent() =>
        Interlocked.Exchange(ref _first, null) ?? (_others.TryDequeue(out var other) ? other : new Workspace());

    /// <summary>Gives a workspace back.</summary>
    public void Return(Workspace workspace)
    {
        workspace.Count = 0;
        workspace.Tokens.Clear();
        if (Interlocked.CompareExchange(ref _first, workspace, null) is not null && _others.Count < Environment.ProcessorCount)
        {
            _others.Enqueue(workspace);
        }
    }
}
