using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading;

public sealed class ModelKindTests
{
    [Fact]
    public void An_encoder_loaded_as_a_decoder_is_refused_by_the_name_of_its_class()
    {
        var error = Assert.Throws<ConfigException>(() => HookedTransformer.FromPretrained(Fixture.Folder("families/bert")));
        Assert.Contains("BertForMaskedLM (BERT) is an encoder: load it with HookedEncoder.FromPretrained", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_loaded_as_an_encoder_is_refused_by_the_name_of_its_class()
    {
        var error = Assert.Throws<ConfigException>(() => HookedEncoder.FromPretrained(Fixture.Folder("families/gpt2")));
        Assert.Contains("GPT2LMHeadModel (GPT-2) is a decoder: load it with HookedTransformer.FromPretrained", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_unknown_kind_is_loaded_as_the_class_that_computes_it()
    {
        using var encoder = PretrainedModel.Load(Fixture.Folder("families/bert")).Model;
        using var decoder = PretrainedModel.Load(Fixture.Folder("families/gpt2")).Model;
        Assert.IsType<HookedEncoder>(encoder);
        Assert.IsType<HookedTransformer>(decoder);
    }

    [Fact]
    public void Processing_an_encoder_is_reported_as_skipped_or_refused_when_asked_for_by_name()
    {
        var folder = Fixture.Folder("families/bert");
        var (model, report) = HookedEncoder.LoadPretrained(folder);
        using (model)
        {
            Assert.Equal("none", model.Source.Processing);
            Assert.Contains(report.Notes, n => n.StartsWith("Weight processing was skipped", StringComparison.Ordinal));
        }

        Assert.Equal("fold_ln", Assert.Throws<ProcessingException>(() => HookedEncoder.FromPretrained(folder, new() { Processing = new() { FoldLayerNorm = true } })).Step);
    }
}
