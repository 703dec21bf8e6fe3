using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Verification;

/// <summary>Compares logits and losses of named prompts.</summary>
internal static class GoldenRuns
{
    private const string Tokens = "tokens", Logits = "logits_last", Losses = "loss_per_token";

    /// <summary>Compares everything that a file holds.</summary>
    public static void Compare(HookedTransformer model, Checkpoint file, GoldenReport report)
    {
        foreach (var (kind, prompt, name) in file.Tensors.Keys.Select(n => (Kind: n.Split('.')[0], Prompt: n.Contains('.', StringComparison.Ordinal) ? n[n.IndexOf('.', StringComparison.Ordinal)..] : "", Name: n)))
        {
            using var scope = torch.NewDisposeScope();
            if (kind == Tokens)
            {
                continue;
            }

            if (kind is not (Logits or Losses) || !file.Tensors.ContainsKey(Tokens + prompt))
            {
                report.Unknown(name);
                continue;
            }

            var (ids, want) = (file.Read(Tokens + prompt).unsqueeze(0), file.Read(name));
            var logits = model.Forward(ids);
            if (kind == Losses)
            {
                report.Values(name, want, ModelVerification.LossPerToken(logits, ids)[0], $"cross entropy of each of {ids.shape[1] - 1} next tokens, in nats");
                continue;
            }

            var got = logits[0].select(0, -1);
            report.Values(name, Centred(want), Centred(got), $"logits after {ids.shape[1]} tokens{(report.Centred ? ", both centred" : "")}");
        }

        Tensor Centred(Tensor logits) => report.Centred ? logits.Minus(logits.mean([-1], keepdim: true)) : logits;
    }
}
