namespace Fathom.Components;

/// <summary>Rows grouped by the expert they go to, so that each expert's weights are read once.</summary>
/// <remarks>Within an expert rows keep their order: the same choice always gives the same sums, to the bit.</remarks>
internal sealed class Routing
{
    private readonly long[] _first;
    private readonly Tensor _slots;
    private readonly Tensor _rows;
    private readonly Tensor _weights;

    /// <summary>Groups.</summary>
    /// <param name="weights">The factor on each chosen expert, <c>[rows, expert_rank]</c>.</param>
    /// <param name="indices">The experts chosen, <c>[rows, expert_rank]</c>.</param>
    /// <param name="experts">The number of experts.</param>
    /// <param name="dtype">The type that rows are computed in.</param>
    public Routing(Tensor weights, Tensor indices, int experts, torch.ScalarType dtype)
    {
        var chosen = indices.cpu().contiguous().data<long>().ToArray();
        var ranks = indices.shape[1];
        _first = new long[experts + 1];
        foreach (var expert in chosen)
        {
            _first[expert + 1]++;
        }

        for (var e = 0; e < experts; e++)
        {
            _first[e + 1] += _first[e];
        }

        var next = _first.ToArray();
        var (slots, rows) = (new long[chosen.Length], new long[chosen.Length]);
        for (long slot = 0; slot < chosen.Length; slot++)
        {
            var at = next[chosen[slot]]++;
            (slots[at], rows[at]) = (slot, slot / ranks);
        }

        _slots = torch.tensor(slots, torch.int64, indices.device);
        _rows = torch.tensor(rows, torch.int64, indices.device);
        _weights = weights.reshape(-1).to(dtype);
    }

    /// <summary>The number of rows that go to an expert.</summary>
    public long Count(int expert) => _first[expert + 1] - _first[expert];

    /// <summary>The rows that go to an expert, int64.</summary>
    public Tensor Rows(int expert) => _rows.narrow(0, _first[expert], Count(expert));

    /// <summary>Where an expert's rows stand in <c>[rows, expert_rank]</c>, read in order, int64.</summary>
    public Tensor Slots(int expert) => _slots.narrow(0, _first[expert], Count(expert));

    /// <summary>The factor on each of an expert's rows, <c>[count, 1]</c>.</summary>
    public Tensor Weights(int expert) => _weights.index_select(0, Slots(expert)).unsqueeze(-1);
}
