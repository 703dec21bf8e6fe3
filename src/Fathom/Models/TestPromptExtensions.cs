using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>Asking a model a question and looking at its answer.</summary>
public static class TestPromptExtensions
{
    extension(HookedTransformer model)
    {
        /// <summary>Ranks an answer to a prompt. An answer of several tokens is judged token by token, each given the ones before it.</summary>
        /// <param name="prompt">The prompt.</param>
        /// <param name="answer">The answer.</param>
        /// <param name="prependSpace">Whether an answer that does not start with a space gets one.</param>
        /// <param name="prependBos">Whether the prompt gets a beginning-of-sequence token; <see langword="null"/> for the model's default.</param>
        /// <param name="topK">How many of the most probable tokens are listed.</param>
        /// <exception cref="TokenInputException">Prompt or answer is empty, or together they exceed the context.</exception>
        public PromptTest TestPrompt(string prompt, string answer, bool prependSpace = true, bool? prependBos = null, int topK = 10) =>
            model.TestPrompt(prompt, [answer], prependSpace, prependBos, topK);

        /// <summary>Ranks several answers to a prompt, each by itself.</summary>
        /// <param name="prompt">The prompt.</param>
        /// <param name="answers">The answers.</param>
        /// <param name="prependSpace">Whether answers that do not start with a space get one.</param>
        /// <param name="prependBos">Whether the prompt gets a beginning-of-sequence token.</param>
        /// <param name="topK">How many of the most probable tokens are listed.</param>
        public PromptTest TestPrompt(string prompt, IReadOnlyList<string> answers, bool prependSpace = true, bool? prependBos = null, int topK = 10)
        {
            ArgumentNullException.ThrowIfNull(prompt);
            ArgumentNullException.ThrowIfNull(answers);
            using var ids = model.ToTokens(prompt, prependBos);
            var tests = answers.Select(a => Judge(model, ids, prependSpace && !a.StartsWith(' ') ? $" {a}" : a, topK)).ToList();
            return new([.. ids.ToIds().Select(i => model.ToSingleStrToken((int)i))], tests);
        }

        /// <summary>The ranked distribution over the token after a prompt.</summary>
        /// <param name="prompt">A text, or the ids of one sequence.</param>
        /// <param name="prependBos">Whether a text gets a beginning-of-sequence token.</param>
        /// <param name="options">How the run differs from a plain one.</param>
        public NextTokens Predict(ModelInput prompt, bool? prependBos = null, RunOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(prompt);
            using var batch = prompt.Resolve(model, prependBos);
            using var scope = torch.NewDisposeScope();
            var logits = model.Forward(batch.Ids, options);
            return new(model, logits[0, -1]);
        }
    }

    private static AnswerTest Judge(HookedTransformer model, Tensor prompt, string answer, int topK)
    {
        var tokens = TextTokens.Encode(model, answer, prependBos: false);
        if (tokens.Length == 0)
        {
            throw new TokenInputException("The answer is empty: it has no tokens.");
        }

        using var scope = torch.NewDisposeScope();
        var taught = torch.tensor([.. tokens.SkipLast(1).Select(t => (long)t)], torch.int64).unsqueeze(0);
        var logits = model.Forward(tokens.Length == 1 ? prompt : torch.cat([prompt, taught], 1));
        var places = tokens.Select((_, i) => new NextTokens(model, logits[0, prompt.shape[1] - 1 + i])).ToList();
        return new(answer, [.. places.Zip(tokens, (p, t) => p.Of(t))], [.. places.Select(p => p.Top(topK))]);
    }
}
