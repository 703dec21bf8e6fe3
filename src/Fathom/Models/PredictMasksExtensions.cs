using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>Asking an encoder what stands in place of masked tokens.</summary>
public static class PredictMasksExtensions
{
    extension(HookedEncoder model)
    {
        /// <summary>The ranked distribution over tokens at every masked token.</summary>
        /// <param name="input">A text that holds the tokenizer's mask token (<c>[MASK]</c>, <c>&lt;mask&gt;</c>), texts, or ids.</param>
        /// <param name="options">How the run differs from a plain one.</param>
        /// <returns>One prediction per masked token, in reading order.</returns>
        /// <exception cref="TokenInputException">Nothing is masked, or the model knows no mask token.</exception>
        public IReadOnlyList<MaskedPrediction> PredictMasks(ModelInput input, RunOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            if (model.Unembed is null)
            {
                throw new TokenInputException($"{model.Source.Name} is a {model.Config.Architecture}, saved without the head that predicts words. Its output is the stream; load a checkpoint of the class for masked words.");
            }

            var mask = model.SpecialTokens.Mask ?? throw new TokenInputException($"{model.Source.Name} has no mask token that its files name. Choose one: model.SpecialTokens = model.SpecialTokens with {{ Mask = id }}.");
            using var batch = input.Resolve(model);
            var ids = batch.Ids.ToIds();
            var width = (int)batch.Ids.shape[1];
            List<int> masked = [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] == mask)];
            if (masked.Count == 0)
            {
                var spelling = model.HasTokenizer ? model.ToSingleStrToken(mask) : $"id {mask}";
                throw new TokenInputException($"The input has no masked token. An encoder does not continue a text; it fills masked places: write {spelling} where a token is to be predicted.");
            }

            using var scope = torch.NewDisposeScope();
            var logits = model.RunBatch(batch, options ?? RunOptions.Default);
            return [.. masked.Select(i => new MaskedPrediction(i / width, i % width, new(model, logits[i / width, i % width])))];
        }
    }
}
