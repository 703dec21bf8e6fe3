using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Models;

/// <summary>A model of one stack of blocks on one residual stream: a decoder or an encoder.</summary>
public abstract class StackedModel : HookedModel
{
    /// <summary>Builds the root of a tree of parts.</summary>
    private protected StackedModel(PartScope root, ModelConfig config)
        : base(root)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config.Encoder is null ? config : throw new ArgumentException($"{config.Architecture} has an encoder in front of its decoder; build it as a {nameof(HookedEncoderDecoder)}.", nameof(config));
    }

    /// <summary>The configuration the model was built from.</summary>
    public ModelConfig Config { get; }

    /// <summary>The blocks, first to last.</summary>
    public abstract IReadOnlyList<TransformerBlock> Blocks { get; }

    /// <summary>What makes the lanes of the stream and joins them at the end, where it has several.</summary>
    public virtual StreamLanes? Lanes => null;

    /// <summary>The norm on the stream after the last block, where there is one.</summary>
    public abstract Norm? LnFinal { get; }

    /// <summary>What stands between the stream and the unembedding, where there is something.</summary>
    public abstract PredictionHead? Head { get; }

    /// <summary>The unembedding, where the model gives logits of words.</summary>
    public abstract Unembed? Unembed { get; }

    /// <summary>The token embedding, one row per token.</summary>
    internal abstract Weight WordVectors { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="tokens">Token ids, <c>[batch, pos]</c> or <c>[pos]</c>, int64.</param>
    /// <param name="options">How the run differs from a plain one.</param>
    /// <returns>Logits, <c>[batch, pos, d_vocab]</c>; the stream after the last norm, <c>[batch, pos, d_model]</c>, of an encoder without a head; with <see cref="RunOptions.StopAtLayer"/> the residual stream, <c>[batch, pos, d_model]</c>. The caller disposes it.</returns>
    /// <exception cref="TokenInputException">The ids are no valid input for this model.</exception>
    /// <exception cref="HookNeverFiredException">A named hook of the run did not fire.</exception>
    public abstract Tensor Forward(Tensor tokens, RunOptions? options = null);

    /// <summary>Runs the blocks from <paramref name="layer"/> on a residual stream and returns logits (or the stream, with a stop layer).</summary>
    /// <param name="resid">The residual stream entering the layer, <c>[batch, pos, d_model]</c>.</param>
    /// <param name="layer">The first block to run; negative counts from the end.</param>
    /// <param name="options">How the run differs from a plain one.</param>
    /// <returns>As <see cref="Forward"/>.</returns>
    public Tensor ForwardFrom(Tensor resid, int layer, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(resid);
        options ??= RunOptions.Default;
        var start = ForwardLoop.StopLayer(layer, Config.NLayers)!.Value;
        var stop = ForwardLoop.StopLayer(options.StopAtLayer, Config.NLayers);
        if (Config.PerLayerEmbedding is not null || Lanes is not null)
        {
            throw new TokenInputException($"The blocks of {Source.Name} read more than one residual stream (a vector per token and layer, or several lanes), so a stream alone does not determine the run. Run token ids, with a hook at blocks.{start}.hook_resid_pre that replaces the stream.");
        }

        if (resid.dim() != 3 || resid.shape[2] != Config.DModel)
        {
            throw new TokenInputException($"A residual stream is [batch, pos, d_model={Config.DModel}]; found [{string.Join(", ", resid.shape)}]. Token ids go to Forward.");
        }

        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var hooks = Activate(options);
        using Pass pass = new([ForwardLoop.Segment(resid, options)], hooks) { PerQueryHead = options.PerQueryHead };
        Prepare(pass);
        var rows = ForwardLoop.Run(this, resid.reshape(-1, Config.DModel).clone(), pass, start, stop ?? Config.NLayers);
        var result = stop is null ? LogitsOf(rows, pass) : rows;
        hooks.RequireFired($"the run started at layer {start}{(stop is null ? "" : $" and stopped before layer {stop}")}");
        return result.view(resid.shape[0], resid.shape[1], -1).MoveToOuterDisposeScope();
    }

    /// <summary>What the unembedding reads.</summary>
    /// <param name="resid">The stream after the last block, <c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor ReadByUnembed(Tensor resid, Pass pass)
    {
        resid = Lanes?.Merge(resid, pass) ?? resid;
        var normalized = LnFinal?.Forward(resid, pass) ?? resid;
        return Head?.Forward(normalized, pass) ?? normalized;
    }

    /// <summary>The final norm, the head and the unembedding, as far as the model has them.</summary>
    /// <param name="resid"><c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor LogitsOf(Tensor resid, Pass pass) => ReadByUnembed(resid, pass) is var read && Unembed is { } unembed ? unembed.Forward(read, pass) : read;

    /// <summary>The hooks of one run: those added to the model, then the run's own.</summary>
    internal ActiveHooks Activate(RunOptions options) => Activate([.. options.Hooks.Select(h => HookRegistration.For(h.Points, HookPoints, h.Function)), .. options.Observers]);

    /// <inheritdoc/>
    internal override Tensor RunBatch(TokenBatch batch, RunOptions options) =>
        Forward(batch.Ids, options with { AttentionMask = options.AttentionMask ?? batch.Mask, TokenTypes = options.TokenTypes ?? batch.TokenTypes });

    /// <summary>Makes what blocks read beside the stream.</summary>
    private protected virtual void Prepare(Pass pass)
    {
    }
}
