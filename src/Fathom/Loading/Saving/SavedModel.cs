using System.Text.Json;
using Fathom.Architectures;
using Fathom.Models;

namespace Fathom.Loading.Saving;

/// <summary>What a folder will hold, decided and checked before anything is written.</summary>
/// <param name="Origin">The files the model came from, as far as they stay true.</param>
/// <param name="Tensors">The tensors.</param>
/// <param name="Config">The bytes of config.json.</param>
/// <param name="Notes">What was decided.</param>
internal sealed record SavedModel(ModelOrigin Origin, IReadOnlyList<PlannedTensor> Tensors, byte[] Config, IReadOnlyList<string> Notes)
{
    /// <summary>Decides.</summary>
    /// <exception cref="UnsavableModelException">The architecture's files cannot hold what the model computes.</exception>
    public static SavedModel Of(HookedModel model, SaveOptions options)
    {
        var origin = RequireOrigin(model);
        var architecture = Catalogue.Of(Parsed(origin.ConfigJson, origin.ConfigSource), origin.ConfigSource);
        (origin, architecture, var notes) = PartAlone(model, origin, architecture);
        origin = RotarySpelling.Older(origin, architecture, StoredRules.ConfigOf(model));
        SavePlan plan = new(model, architecture, origin, options);
        var config = SavedConfig.Write(origin, architecture, plan.MainType, plan.Unties);
        RequireHonest(model, architecture, config, plan);
        return new(origin, plan.Tensors, config, [.. notes, .. NotesOf(model, origin, plan)]);
    }

    private static ModelOrigin RequireOrigin(HookedModel model)
    {
        // Of a foreign state dict nobody knows what was done to it; what it lacks or has too much stands in the plan's way.
        if (model.Source.Processing.Split(',')[0] != "none" && model.Source.Processing != StateDictNames.UnknownProcessing)
        {
            throw new UnsavableModelException($"{model.Source.Name} was processed as it was loaded ({model.Source.Processing}), and its weights are no longer those of its architecture. Load it with Processing.None ('--processing none') to save it, or save the processed weights with SaveStateDict.", []);
        }

        return model.Origin ?? throw new UnsavableModelException($"{model.Source.Name} has no config.json that Hugging Face's tools could read: it was not loaded from such files. Save its weights with SaveStateDict.", []);
    }

    /// <summary>A model whose files hold more than what is computed is written as what is computed: nothing in the folder speaks of parts that it lacks.</summary>
    private static (ModelOrigin Origin, Architecture Architecture, IReadOnlyList<string> Notes) PartAlone(HookedModel model, ModelOrigin origin, Architecture whole)
    {
        if (whole.ConfigOfPart(Parsed(origin.ConfigJson, origin.ConfigSource)) is not { } json)
        {
            return (origin, whole, []);
        }

        var part = Catalogue.Of(json, origin.ConfigSource);
        var (read, built) = (part.ReadConfig(json, origin.ConfigSource), StoredRules.ConfigOf(model));
        return read with { Blocks = built.Blocks, Architecture = built.Architecture } == built && read.Blocks.SequenceEqual(built.Blocks)
            ? (origin with { ConfigJson = json.GetRawText(), Tensors = origin.Tensors.GroupBy(t => whole.NameInPart(t.Key)).ToDictionary(g => g.Key, g => g.First().Value) }, part, [$"Written as {part.Ids[0]}, the part of {whole.Ids[0]} that is computed; the other parts stay with the original."])
            : throw new UnsavableModelException($"{model.Source.Name} cannot be written: the part of {whole.Ids[0]} that is computed would be read as another model from a config of its own. Save the weights by their own names with SaveStateDict.", []);
    }

    private static JsonElement Parsed(string json, string source) => ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(json), source);

    /// <summary>The config that is written must be read as the one the model was built from.</summary>
    private static void RequireHonest(HookedModel model, Architecture architecture, byte[] config, SavePlan plan)
    {
        const string Source = "the config to write";
        var json = ConfigFile.Parse(config, Source);
        if (Catalogue.Of(json, Source) != architecture)
        {
            throw new UnsavableModelException($"{model.Source.Name}: the config to write would be read as {Catalogue.Of(json, Source).Family}, not as {architecture.Family}. Save the weights by their own names with SaveStateDict.", []);
        }

        if (!plan.Unties)
        {
            architecture.ReadConfig(json, Source);
            return;
        }

        var reason = "the config of this family has no key that says so";
        try
        {
            if (!architecture.ReadConfig(json, Source).TiedEmbeddings)
            {
                return;
            }
        }
        catch (ConfigException e)
        {
            reason = e.Message;
        }

        throw new UnsavableModelException($"{model.Source.Name} cannot be written as {architecture.Ids[0]}: embed.W_E and unembed.W_U hold different numbers, and {reason.TrimEnd('.')}. Give both the same numbers, or save the weights by their own names with SaveStateDict.", ["embed.W_E", "unembed.W_U"]);
    }

    private static IEnumerable<string> NotesOf(HookedModel model, ModelOrigin origin, SavePlan plan)
    {
        if (plan.Unties)
        {
            yield return "The config says tie_word_embeddings=false now: embed.W_E and unembed.W_U hold different numbers.";
        }

        if (plan.Rounded > 0)
        {
            yield return $"{plan.Rounded} tensors have fewer bits than in the model's own file: loading rounded them to {model.DType}.";
        }

        if (!origin.ConfigJson.Contains("\"architectures\"", StringComparison.Ordinal))
        {
            yield return "The config names no class of Hugging Face's: their tools do not know this kind of model, and Fathom reads the folder back.";
        }

        if (plan.LeftOut is { Count: > 0 } left)
        {
            yield return $"{left.Count} {(left.Count == 1 ? "tensor" : "tensors")} of the model's own file that no forward pass reads, or that repeat another one, are not written: {string.Join(", ", left.Take(3))}{(left.Count > 3 ? ", ..." : "")}.";
        }

        if (RotarySpelling.NeedsVersion5(origin))
        {
            yield return "The config has its rotary settings in 'rope_parameters', which transformers understands from version 5 on.";
        }

        if (BesideFiles.IsWritten(model, origin))
        {
            yield return "tokenizer.json was written from the model's tokenizer, which did not come from such a file.";
        }
    }
}
