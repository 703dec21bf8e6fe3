namespace Fathom.Models;

/// <summary>One sequence while it is being continued.</summary>
internal sealed class GenerationRow
{
    private readonly Dictionary<int, int> _seen = [];
    private readonly Sampler _sampler;

    public GenerationRow(GenerationOptions options, int row, IReadOnlyList<int> prompt)
    {
        _sampler = new(options, row);
        Prompt = prompt;
        foreach (var id in prompt)
        {
            Count(id);
        }
    }

    public IReadOnlyList<int> Prompt { get; }

    public List<int> New { get; } = [];

    public bool HasEnded { get; set; }

    /// <summary>Chooses and keeps the next token.</summary>
    public int Take(Span<float> logits)
    {
        var id = _sampler.Choose(logits, _seen);
        New.Add(id);
        Count(id);
        return id;
    }

    private void Count(int id) => _seen[id] = _seen.GetValueOrDefault(id) + 1;
}
