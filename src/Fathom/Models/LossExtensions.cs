using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>Next-token cross entropy.</summary>
public static class LossExtensions
{
    extension(HookedTransformer model)
    {
        /// <summary>The mean next-token loss, in nats. Padding counts neither in the sum nor in the count.</summary>
        /// <param name="input">A text, texts, or ids.</param>
        /// <param name="options">How the run differs from a plain one.</param>
        public double Loss(ModelInput input, RunOptions? options = null)
        {
            using var scope = torch.NewDisposeScope();
            var (loss, weight) = PerToken(model, input, options);
            var sum = torch.where(weight, loss, torch.zeros_like(loss)).to(torch.float64).sum().item<double>();
            var count = weight.to(torch.float64).sum().item<double>();
            return count > 0 ? sum / count : throw new TokenInputException("The loss of one token alone is undefined: there is no next token to predict. Give at least two.");
        }

        /// <summary>The loss of each next token, <c>[batch, pos - 1]</c>, in nats; 0 where a token or its successor is padding. The caller disposes it.</summary>
        /// <param name="input">A text, texts, or ids.</param>
        /// <param name="options">How the run differs from a plain one.</param>
        public Tensor LossPerToken(ModelInput input, RunOptions? options = null)
        {
            using var scope = torch.NewDisposeScope();
            var (loss, weight) = PerToken(model, input, options);
            return torch.where(weight, loss, torch.zeros_like(loss)).MoveToOuterDisposeScope();
        }
    }

    private static (Tensor Loss, Tensor Weight) PerToken(HookedTransformer model, ModelInput input, RunOptions? options)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var batch = input.Resolve(model);
        options ??= RunOptions.Default;
        var mask = options.AttentionMask ?? batch.Mask;
        var logits = model.Forward(batch.Ids, options with { AttentionMask = mask });
        var length = batch.Ids.shape[1];
        var next = batch.Ids.narrow(1, 1, length - 1).unsqueeze(2);
        var loss = logits.narrow(1, 0, length - 1).log_softmax(-1).gather(2, next).squeeze(2).neg();
        var real = mask?.to(torch.@bool);
        return (loss, real is null ? torch.ones_like(loss, torch.@bool) : real.narrow(1, 0, length - 1).logical_and(real.narrow(1, 1, length - 1)));
    }
}
