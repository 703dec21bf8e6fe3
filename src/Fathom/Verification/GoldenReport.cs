using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>Collects what a comparison with a golden folder finds.</summary>
internal sealed class GoldenReport(double tolerance, string processing)
{
    private readonly List<VerifiedTensor> _compared = [];
    private readonly List<string> _unknown = [];
    private readonly List<string> _notes = [];

    /// <summary>Whether the model computes with the weights of its file.</summary>
    public bool AsLoaded { get; } = processing.Split(',')[0] == "none";

    /// <summary>Whether a constant was taken from all logits of a position.</summary>
    public bool Centred { get; } = processing.Contains("center_unembed", StringComparison.Ordinal);

    /// <summary>Adds numbers that must agree within the tolerance.</summary>
    public void Values(string name, string against, long count, double difference) => _compared.Add(new(name, against, count, difference, tolerance));

    /// <summary>Adds two tensors; their difference counts absolutely.</summary>
    public void Values(string name, Tensor want, Tensor got, string against) => _compared.Add(ModelVerification.Values(name, want, got, against, tolerance)!);

    /// <summary>Adds two tensors; the difference of each vector counts in units of its largest number, where that is above one.</summary>
    public void Vectors(string name, Tensor want, Tensor got, string against)
    {
        if (!want.shape.AsSpan().SequenceEqual(got.shape))
        {
            Values(name, want, got, against);
            return;
        }

        var size = want.to(torch.float64).abs().amax([-1], keepdim: true).AtLeast(1);
        var difference = got.to(torch.float64).Minus(want.to(torch.float64)).abs().Over(size).max().item<double>();
        Values(name, $"{against}, relative", want.numel(), difference);
    }

    /// <summary>Adds ids, of which none may differ.</summary>
    public void Ids(string name, string against, long count, long differing) => _compared.Add(new(name, against, count, differing, 0));

    /// <summary>Adds a name that means nothing to the model.</summary>
    public void Unknown(string name) => _unknown.Add(name);

    /// <summary>Adds a sentence about what was not compared.</summary>
    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>The verdict.</summary>
    public VerificationReport Done() => new(_compared, _unknown) { Notes = _notes };
}
