using Fathom.Activations;
using Fathom.Architectures;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Models;

/// <summary>Which vector a distance has, in the size of the released models.</summary>
public sealed class DisentangledTests
{
    /// <summary>Distance from query to key, and its vector: linear up to 128, then logarithmic buckets <c>128 + ⌈127 · ln(d/128) / ln(511/128)⌉</c>, the last for 511 and more; the middle row 256 is distance 0.</summary>
    [Theory]
    [InlineData(0, 256)]
    [InlineData(1, 257)]
    [InlineData(-1, 255)]
    [InlineData(128, 384)]
    [InlineData(129, 385)]
    [InlineData(-129, 127)]
    [InlineData(200, 425)]
    [InlineData(400, 489)]
    [InlineData(-400, 23)]
    [InlineData(510, 511)]
    [InlineData(511, 511)]
    [InlineData(-511, 1)]
    [InlineData(599, 511)]
    [InlineData(-599, 0)]
    public void A_distance_has_the_vector_of_its_bucket(int distance, int row)
    {
        using var scope = torch.NewDisposeScope();
        var (query, key) = distance >= 0 ? (distance, 0) : (0, -distance);
        using var model = Model();
        var length = Math.Abs(distance) + 1;
        var ids = torch.arange(length).remainder(113).unsqueeze(0);
        Tensor Scores(double by) => Only(model, ids, row, by)[0, .., query, key];
        Assert.True((Scores(0) - Scores(1)).abs().max().item<float>() > 1e-4, $"row {row} does not enter the score of distance {distance}");
        if (row < 511)
        {
            Tensor Next(double by) => Only(model, ids, row + 1, by)[0, .., query, key];
            Assert.Equal(0, (Next(0) - Next(1)).abs().max().item<float>());
        }
    }

    private static Tensor Only(HookedEncoder model, Tensor ids, int row, double by)
    {
        using var run = model.RunWithCache(ids, "blocks.0.attn.hook_attn_scores", new() { Run = new() { Hooks = [("rel_embed.hook_rel_embed", (vectors, _) =>
        {
            var moved = vectors.clone();
            moved[row].add_(by);
            return moved;
        })] } });
        return run.Cache["attn_scores", 0].clone();
    }

    /// <summary>The fixture's config with the buckets of the released models, and weights from a seed.</summary>
    private static HookedEncoder Model()
    {
        var folder = Fixture.Copy("families/deberta-v2");
        var path = Path.Combine(folder, "config.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"position_buckets\": 8", "\"position_buckets\": 256", StringComparison.Ordinal).Replace("\"max_position_embeddings\": 64", "\"max_position_embeddings\": 512", StringComparison.Ordinal).Replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1", StringComparison.Ordinal));
        HookedEncoder model = new(new DebertaV2().ReadConfig(ConfigFile.Read(path), path));
        using var generator = new torch.Generator(5);
        foreach (var weight in model.Weights)
        {
            weight.Set(torch.randn([.. weight.Shape], generator: generator) * 0.3);
        }

        return model;
    }
}
