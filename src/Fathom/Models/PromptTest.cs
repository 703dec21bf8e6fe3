using System.Globalization;
using System.Text;

namespace Fathom.Models;

/// <summary>What <c>test_prompt</c> finds: how a model takes answers to a prompt.</summary>
/// <param name="PromptTokens">The prompt's tokens, as text.</param>
/// <param name="Answers">Each answer.</param>
public sealed record PromptTest(IReadOnlyList<string> PromptTokens, IReadOnlyList<AnswerTest> Answers)
{
    /// <summary>Writes the table to the console.</summary>
    public void Print() => Console.WriteLine(ToString());

    /// <summary>The table as text, laid out as the field knows it.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Tokenized prompt: [{Quoted(PromptTokens)}]");
        foreach (var answer in Answers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Tokenized answer: [{Quoted(answer.Tokens.Select(t => t.Text))}]");
            foreach (var (token, top) in answer.Tokens.Zip(answer.Top))
            {
                text.AppendLine("Performance on answer token:");
                text.AppendLine(CultureInfo.InvariantCulture, $"Rank: {token.Rank,-8} Logit: {token.Logit,5:0.00} Prob: {Percent(token.Probability)} Token: |{token.Text}|");
                foreach (var candidate in top)
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"Top {candidate.Rank}th token. Logit: {candidate.Logit,5:0.00} Prob: {Percent(candidate.Probability)} Token: |{candidate.Text}|");
                }
            }
        }

        var ranks = Answers.Select(a => $"[{string.Join(", ", a.Tokens.Select(t => $"('{t.Text}', {t.Rank})"))}]");
        return text.Append(CultureInfo.InvariantCulture, $"Ranks of the answer tokens: {string.Join(", ", ranks)}").ToString();
    }

    private static string Percent(double probability) => string.Create(CultureInfo.InvariantCulture, $"{100 * probability,5:0.00}%");

    private static string Quoted(IEnumerable<string> tokens) => string.Join(", ", tokens.Select(t => $"'{t.Replace("\n", "\\n", StringComparison.Ordinal)}'"));
}
