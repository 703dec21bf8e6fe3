namespace Fathom.Models;

/// <summary>Writing an encoder-decoder's answer to an input.</summary>
public static class EncoderDecoderGenerateExtensions
{
    extension(HookedEncoderDecoder model)
    {
        /// <summary>Answers inputs.</summary>
        /// <param name="input">What the encoder reads: a text, texts, or ids.</param>
        /// <param name="options">How; greedy, ten tokens if <see langword="null"/>. Penalties count the decoder's tokens.</param>
        /// <param name="begun">What the decoder starts from, the start token included (for mBART with its language token), a text bare of what the tokenizer adds; the start token alone if <see langword="null"/>.</param>
        /// <returns>The decoder's tokens; <see cref="Generation.PromptIds"/> are those it started from.</returns>
        /// <exception cref="TokenInputException">The input is empty, the decoder has no token to start with, or there is no room in its context.</exception>
        /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
        public Generation Generate(ModelInput input, GenerationOptions? options = null, ModelInput? begun = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            IReadOnlyList<GenerationRow> rows = [];
            foreach (var step in EncoderDecoderGenerator.Steps(model, input, begun, options ?? GenerationOptions.Default))
            {
                rows = step.Rows;
            }

            var texts = model.HasTokenizer ? rows.Select(r => model.Tokenizer.Decode([.. r.Prompt, .. r.New], skipSpecialTokens: true)) : [];
            return new([.. rows.Select(r => r.Prompt)], [.. rows.Select(r => (IReadOnlyList<int>)r.New)], [.. texts]);
        }

        /// <summary>Answers inputs and yields each step as it is taken.</summary>
        /// <param name="input">What the encoder reads: a text, texts, or ids.</param>
        /// <param name="options">How; greedy, ten tokens if <see langword="null"/>.</param>
        /// <param name="begun">What the decoder starts from; the start token alone if <see langword="null"/>.</param>
        public IEnumerable<GeneratedStep> GenerateSteps(ModelInput input, GenerationOptions? options = null, ModelInput? begun = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            return EncoderDecoderGenerator.Steps(model, input, begun, options ?? GenerationOptions.Default).Select(s => s.Step);
        }
    }
}
