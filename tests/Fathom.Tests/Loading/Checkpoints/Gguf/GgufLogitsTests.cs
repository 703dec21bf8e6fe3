using System.Text;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Loading.Checkpoints.Safetensors;

namespace Fathom.Tests.Loading.Checkpoints.Gguf;

public sealed class GgufLogitsTests
{
    private static readonly FixturePack Pack = FixturePack.Open("gguf-arch");

    public static TheoryData<string> Models => [.. Pack.Files.Keys.Where(f => f.EndsWith(".gguf", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f))];

    /// <summary>The only check that sees a wrong permutation: such a model still speaks, badly.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_translated_file_gives_the_logits_of_the_original_weights(string model)
    {
        var translation = GgufNames.Translate(GgufCheckpoint.Open([new MemorySource(model, Pack.Files[$"arch/{model}.gguf"])]));
        using var checkpoint = translation.Checkpoint;
        var config = ConfigFile.Parse(Encoding.UTF8.GetBytes(translation.Config.ToJsonString()), model);
        Assert.SkipWhen(Catalogue.Find(Catalogue.Named(config)!) is null, $"this version does not compute {Catalogue.Named(config)}");
        var architecture = Catalogue.Of(config, model);
        var (loaded, _) = ModelLoader.Load(architecture, architecture.ReadConfig(config, model), checkpoint, LoadOptions.Default with { Processing = Processing.None });
        using (loaded)
        {
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            using SafetensorsFile golden = new(new MemorySource(model, Pack.Files[$"arch/{model}.safetensors"]));
            Tensor tokens = golden.Read("tokens"), expected = golden.Read("logits");
            var found = loaded.Forward(tokens.dim() == 1 ? tokens.unsqueeze(0) : tokens);
            var difference = (found.view(-1) - expected.view(-1)).abs().max().item<float>();
            Assert.True(difference <= 1e-4f, $"{model}: the logits differ by {difference}");
        }
    }
}
