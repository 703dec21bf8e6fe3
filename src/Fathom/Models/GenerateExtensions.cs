using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>Continuing prompts.</summary>
public static class GenerateExtensions
{
    extension(HookedTransformer model)
    {
        /// <summary>Continues prompts.</summary>
        /// <param name="prompt">A text, texts (padded at the left), or ids.</param>
        /// <param name="options">How; greedy, ten tokens if <see langword="null"/>.</param>
        /// <exception cref="TokenInputException">The prompt is empty or leaves no room in the context.</exception>
        /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
        public Generation Generate(ModelInput prompt, GenerationOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(prompt);
            IReadOnlyList<GenerationRow> rows = [];
            foreach (var step in Generator.Steps(model, prompt, options ?? GenerationOptions.Default))
            {
                rows = step.Rows;
            }

            var texts = model.HasTokenizer ? rows.Select(r => model.Tokenizer.Decode([.. r.Prompt, .. r.New], skipSpecialTokens: true)) : [];
            return new([.. rows.Select(r => r.Prompt)], [.. rows.Select(r => (IReadOnlyList<int>)r.New)], [.. texts]);
        }

        /// <summary>Continues a prompt and yields each step as it is taken.</summary>
        /// <param name="prompt">A text, texts, or ids.</param>
        /// <param name="options">How; greedy, ten tokens if <see langword="null"/>.</param>
        public IEnumerable<GeneratedStep> GenerateSteps(ModelInput prompt, GenerationOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(prompt);
            return Generator.Steps(model, prompt, options ?? GenerationOptions.Default).Select(s => s.Step);
        }

        /// <summary>Continues one prompt and yields text as it becomes whole characters.</summary>
        /// <param name="prompt">A text, or the ids of one sequence.</param>
        /// <param name="options">How; greedy, ten tokens if <see langword="null"/>.</param>
        public IEnumerable<string> GenerateText(ModelInput prompt, GenerationOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(prompt);
            return Stream(model, prompt, options ?? GenerationOptions.Default);
        }
    }

    private static IEnumerable<string> Stream(HookedTransformer model, ModelInput prompt, GenerationOptions options)
    {
        StreamingDecoder decoder = new(model.Tokenizer, skipSpecialTokens: true);
        foreach (var (step, rows) in Generator.Steps(model, prompt, options))
        {
            if (step.Index == 0)
            {
                // The decoder sees the prompt first, so that spaces and split characters at the border come out right.
                foreach (var id in rows[0].Prompt)
                {
                    decoder.Add(id);
                }
            }

            if (step.Ids[0] is { } next && decoder.Add(next) is { Length: > 0 } text)
            {
                yield return text;
            }
        }

        if (decoder.Flush() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }
}
