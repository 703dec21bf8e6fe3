using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Activations;

/// <summary>Running a model and keeping what happened inside.</summary>
public static class RunWithCacheExtensions
{
    extension(HookedModel model)
    {
        /// <summary>Runs the model and keeps activations.</summary>
        /// <param name="input">A text, texts, or token ids.</param>
        /// <param name="names">Which activations: a name, glob, list or predicate; all that fire by themselves if <see langword="null"/>.</param>
        /// <param name="options">What else to keep and how to run.</param>
        /// <returns>Logits and cache; the caller disposes them.</returns>
        /// <exception cref="UnknownHookException">The filter matches nothing.</exception>
        /// <exception cref="HookNeverFiredException">A named activation was not computed.</exception>
        public CachedRun RunWithCache(ModelInput input, NameFilter? names = null, CacheOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            options ??= CacheOptions.Default;
            var batch = input.Resolve(model, options.PrependBos, options.PaddingSide);
            var wantsGradients = options.GradientOf is not null || options.GradientsOf.Count > 0;
            if (options.BackwardHooks.Count > 0 && !wantsGradients)
            {
                throw new ArgumentException("BackwardHooks are shown gradients, and the run has none; say of which scalar with GradientOf.", nameof(options));
            }

            CacheRecorder recorder = new(options);
            GradientGate gate = new(options.BackwardHooks, model.HookPoints);
            Tensor? logits = null;
            try
            {
                var observer = HookRegistration.For(names ?? options.Names, model.HookPoints, recorder.Record);
                var run = options.Run with
                {
                    Observers = [.. options.Run.Observers, .. gate.Observers, observer],
                    WithGradients = wantsGradients,
                };
                logits = model.RunBatch(batch, run);
                if (!wantsGradients)
                {
                    return new(logits.DetachFromDisposeScope(), new(model, recorder.Kept, batch));
                }

                var (gradients, more) = recorder.Differentiate(logits);
                gate.Finish();
                var plain = logits.detach().DetachFromDisposeScope();
                logits.Dispose();
                return new(plain, new(model, recorder.Kept, batch, gradients, more));
            }
            catch
            {
                logits?.Dispose();
                recorder.Discard();
                batch.Dispose();
                throw;
            }
        }

        /// <summary>Runs the model with functions attached for this run only.</summary>
        /// <param name="input">A text, texts, or token ids.</param>
        /// <param name="hooks">Points and functions.</param>
        /// <returns>Logits, <c>[batch, pos, d_vocab]</c>; the caller disposes it.</returns>
        /// <exception cref="UnknownHookException">A name matches nothing.</exception>
        /// <exception cref="HookNeverFiredException">A named point did not fire.</exception>
        public Tensor RunWithHooks(ModelInput input, params (NameFilter Points, HookFunction Function)[] hooks)
        {
            ArgumentNullException.ThrowIfNull(input);
            using var batch = input.Resolve(model);
            return model.RunBatch(batch, new RunOptions { Hooks = hooks });
        }

        /// <summary>Runs the model on a text, texts or ids.</summary>
        /// <param name="input">What to run.</param>
        /// <param name="options">How the run differs from a plain one.</param>
        /// <returns>Logits, <c>[batch, pos, d_vocab]</c>; the caller disposes it.</returns>
        public Tensor Run(ModelInput input, RunOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            using var batch = input.Resolve(model);
            return model.RunBatch(batch, options ?? RunOptions.Default);
        }
    }
}
