using Fathom.Models;
using TorchSharp;

namespace Fathom.Cli.Commands;

/// <summary>What an encoder puts in place of a prompt's masked tokens.</summary>
internal static class MaskedTokens
{
    /// <summary>Runs the encoder and writes candidates for every masked token.</summary>
    internal static int Write(Invocation run, HookedEncoder model, string prompt, int top)
    {
        using var scope = torch.NewDisposeScope();
        using var batch = ((ModelInput)prompt).Resolve(model);
        var tokens = PromptOptions.TokensOf(model, batch);
        var masks = model.PredictMasks(prompt);
        if (run.Json)
        {
            run.WriteJson("fathom.predict_masks/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                json.WriteString("prompt", prompt);
                json.WriteArray("tokens", tokens, token =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", token.Id);
                    json.WriteString("text", token.Text);
                    json.WriteEndObject();
                });
                json.WriteArray("masks", masks, mask =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("position", mask.Position);
                    json.WriteArray("top", mask.Tokens.Top(top), candidate => RankedTokenJson.Write(json, candidate));
                    json.WriteEndObject();
                });
            });
            return ExitCode.Success;
        }

        run.Prose(run.Terminal.Dim(PromptOptions.Shown(tokens.Select(token => token.Text))));
        var table = new TextTable("position", "rank", "token", "id", "logit", "probability");
        foreach (var mask in masks)
        {
            foreach (var candidate in mask.Tokens.Top(top))
            {
                table.Add(mask.Position, candidate.Rank, PredictCommand.Shown(run, candidate.Text), candidate.Id, candidate.Logit, candidate.Probability);
            }
        }

        run.Write(table);
        run.Note($"{model.Source.Name}: {tokens.Count} tokens, {masks.Count} of them masked.");
        return ExitCode.Success;
    }
}
