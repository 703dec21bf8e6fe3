using Fathom.Tensors;
using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>From text to ids and back, with the model's own habits.</summary>
public static class TokenExtensions
{
    extension(HookedModel model)
    {
        /// <summary>Tokenizes a text.</summary>
        /// <param name="text">The text.</param>
        /// <param name="prependBos">Whether a beginning-of-sequence token goes in front; <see langword="null"/> for the model's default. It is never doubled.</param>
        /// <returns>Token ids, <c>[1, pos]</c>, int64; the caller disposes it.</returns>
        public Tensor ToTokens(string text, bool? prependBos = null) => TextTokens.Encode(model, [text], prependBos, null).Ids;

        /// <summary>Tokenizes several texts and pads them to the longest.</summary>
        /// <param name="texts">The texts.</param>
        /// <param name="prependBos">Whether a beginning-of-sequence token goes in front.</param>
        /// <param name="paddingSide">Where short rows are filled; <see langword="null"/> for the model's default.</param>
        /// <returns>Ids and mask; the caller disposes them.</returns>
        public TokenBatch ToTokens(IReadOnlyList<string> texts, bool? prependBos = null, Side? paddingSide = null) => TextTokens.Encode(model, texts, prependBos, paddingSide);

        /// <summary>Writes ids as text, special tokens included.</summary>
        /// <param name="ids">Token ids, <c>[pos]</c> or <c>[1, pos]</c>.</param>
        public string ToString(Tensor ids)
        {
            ArgumentNullException.ThrowIfNull(ids);
            return ids.dim() <= 1 || ids.shape[0] == 1
                ? model.Tokenizer.Decode([.. ids.ToIds().Select(i => (int)i)])
                : throw new TokenInputException($"ToString writes one sequence; found {ids.Shape()}. Use ToStrings for a batch.");
        }

        /// <summary>Writes each row of ids as text.</summary>
        /// <param name="ids">Token ids, <c>[batch, pos]</c>.</param>
        public IReadOnlyList<string> ToStrings(Tensor ids)
        {
            ArgumentNullException.ThrowIfNull(ids);
            var (flat, width) = (ids.ToIds(), (int)ids.shape[^1]);
            return [.. flat.Chunk(width).Select(row => model.Tokenizer.Decode([.. row.Select(i => (int)i)]))];
        }

        /// <summary>The text of each token by itself.</summary>
        /// <param name="input">A text, or the ids of one sequence.</param>
        /// <param name="prependBos">Whether a text gets a beginning-of-sequence token.</param>
        public IReadOnlyList<string> ToStrTokens(ModelInput input, bool? prependBos = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            using var batch = input.Resolve(model, prependBos);
            return batch.Ids.shape[0] == 1
                ? [.. batch.Ids.ToIds().Select(i => model.ToSingleStrToken((int)i))]
                : throw new TokenInputException($"ToStrTokens takes one sequence; found {batch.Ids.shape[0]}.");
        }

        /// <summary>The id of a text that is exactly one token.</summary>
        /// <param name="text">The text, usually with its leading space.</param>
        /// <exception cref="TokenInputException">It is several tokens, or none.</exception>
        public int ToSingleToken(string text)
        {
            ArgumentNullException.ThrowIfNull(text);
            var ids = TextTokens.Encode(model, text, prependBos: false);
            return ids.Length == 1
                ? ids[0]
                : throw new TokenInputException($"'{text}' is {(ids.Length == 0 ? "no token" : $"{ids.Length} tokens ({string.Join(", ", ids.Select(i => $"'{model.ToSingleStrToken(i)}'"))})")} of {model.Source.Name}; exactly one is needed.{(ids.Length > 1 && !text.StartsWith(' ') && model.IsSingleToken(" " + text) ? $" ' {text}', with a space in front, is one token." : "")}");
        }

        /// <summary>Whether a text is exactly one token.</summary>
        public bool IsSingleToken(string text) => TextTokens.Encode(model, text, prependBos: false).Length == 1;

        /// <summary>The text of one token; <c>&lt;id 505&gt;</c> for a row of the embedding that no token has.</summary>
        public string ToSingleStrToken(int id) => model.Tokenizer.IdToToken(id) is null ? $"<id {id}>" : model.Tokenizer.Decode([id]);

        /// <summary>Where a token stands in a prompt.</summary>
        /// <param name="token">The token's text; it must be exactly one token.</param>
        /// <param name="input">A text, or the ids of one sequence.</param>
        /// <param name="last">Whether the last occurrence is wanted rather than the first.</param>
        /// <param name="prependBos">Whether a text gets a beginning-of-sequence token.</param>
        /// <exception cref="TokenInputException">The token does not occur.</exception>
        public int GetTokenPosition(string token, ModelInput input, bool last = false, bool? prependBos = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            var id = model.ToSingleToken(token);
            using var batch = input.Resolve(model, prependBos);
            var ids = batch.Ids.ToIds();
            var at = last ? Array.LastIndexOf(ids, id) : Array.IndexOf(ids, id);
            return at >= 0 ? at : throw new TokenInputException($"The token '{token}' does not occur in the prompt, whose tokens are {string.Join(" ", ids.Select(i => $"'{model.ToSingleStrToken((int)i)}'"))}.");
        }
    }
}
