using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Conformance;

namespace Fathom.Tests.Loading;

/// <summary>What is planned from a model's shape is what its weights take once they are there.</summary>
public sealed class ModelMemoryTests
{
    /// <summary>Families whose files may hold what the config does not tell of: a bias of the unembedding, a first norm, a pooler, a head of its own.</summary>
    private static readonly string[] Untold = ["modernbert", "modernbert-decoder", "bert", "bart", "mbart", "pegasus", "shortformer-2l", "solu-ln-2l", "t5-v1.1"];

    public static TheoryData<string> Models => [.. Family.Names, .. Family.Encoders, .. Family.EncoderDecoders];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_plan_of_every_family_is_what_loading_takes(string family)
    {
        foreach (var dtype in new[] { torch.ScalarType.Float32, torch.ScalarType.BFloat16 })
        {
            using var model = PretrainedModel.Load(Family.Folder(family), new() { Processing = Processing.None, DType = dtype }).Model;
            var plan = ModelMemory.Of(model, dtype);
            if (Untold.Contains(family))
            {
                Assert.InRange(plan.AsInFile, Bytes(model) * 0.95, Bytes(model) * 1.05);
            }
            else
            {
                Assert.Equal((model.ParameterCount, Bytes(model)), (plan.Parameters, plan.AsInFile));
            }

            Assert.Equal(plan.AsInFile * 5 / 4, plan.PeakAsInFile);
            if (model is HookedTransformer)
            {
                using var processed = PretrainedModel.Load(Family.Folder(family), new() { DType = dtype }).Model;

                // Folded norms go and biases come; a separated unembedding is the only large change.
                Assert.InRange(Bytes(processed), plan.Processed * 0.9, plan.Processed * 1.1);
            }
        }
    }

    private static long Bytes(HookedModel model) => model.Weights.Where(w => w.IsBound && w.TiedTo is null).Sum(w => w.Value.numel() * w.Value.element_size());
}
