using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>A decoder-only transformer whose every intermediate has a name.</summary>
/// <remarks>One forward loop serves the full run, the run on a cache, and the window run of many patches at once.</remarks>
public sealed class HookedTransformer : HookedModel
{
    /// <summary>Builds a model with empty weight slots.</summary>
    /// <param name="config">What to build.</param>
    public HookedTransformer(ModelConfig config)
        : this(config, new PartScope())
    {
    }

    private HookedTransformer(ModelConfig config, PartScope root)
        : base(root)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        var scope = root.With(("d_model", config.DModel), ("d_vocab", config.DVocab), ("one", 1));
        Embed = new(scope.Child("embed"), config);
        HookEmbed = scope.Point("hook_embed", "batch pos d_model");
        if (config.Positions is { } positions)
        {
            PosEmbed = new(scope.Child("pos_embed"), positions, config.NCtx);
            HookPosEmbed = scope.Point("hook_pos_embed", "batch pos d_model");
        }

        Blocks = [.. config.Blocks.Select((block, i) => new TransformerBlock(scope.Child($"blocks.{i}", i), block))];
        LnFinal = config.FinalNorm is { } norm ? new(scope.Child("ln_final"), norm) : null;
        Unembed = new(scope.Child("unembed"), config);
    }

    /// <summary>The configuration the model was built from.</summary>
    public ModelConfig Config { get; }

    /// <summary>The token embedding.</summary>
    public Embed Embed { get; }

    /// <summary>Position vectors, where they are added to the embedding.</summary>
    public PosEmbed? PosEmbed { get; }

    /// <summary>The blocks, first to last.</summary>
    public IReadOnlyList<TransformerBlock> Blocks { get; }

    /// <summary>The norm before the unembedding, where there is one.</summary>
    public Norm? LnFinal { get; }

    /// <summary>The unembedding.</summary>
    public Unembed Unembed { get; }

    /// <summary>The embedded tokens.</summary>
    public HookPoint HookEmbed { get; }

    /// <summary>The position vectors, where they are added to the embedding.</summary>
    public HookPoint? HookPosEmbed { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="tokens">Token ids, <c>[batch, pos]</c> or <c>[pos]</c>, int64.</param>
    /// <param name="options">How the run differs from a plain one.</param>
    /// <returns>Logits, <c>[batch, pos, d_vocab]</c>; with <see cref="RunOptions.StopAtLayer"/> the residual stream, <c>[batch, pos, d_model]</c>. The caller disposes it.</returns>
    /// <exception cref="TokenInputException">The ids are no valid input for this model.</exception>
    /// <exception cref="HookNeverFiredException">A named hook of the run did not fire.</exception>
    public Tensor Forward(Tensor tokens, RunOptions? options = null)
    {
        options ??= RunOptions.Default;
        var stop = ForwardLoop.StopLayer(options.StopAtLayer, Config.NLayers);
        if (options.Cache is not null && stop < Config.NLayers)
        {
            throw new TokenInputException($"A run that stops before layer {stop} cannot use a cache: the layers after it would miss its positions. Run all {Config.NLayers} layers, or leave the cache out.");
        }

        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        tokens = ForwardLoop.Checked(tokens, Config, options);
        OutgrownCache.Refresh(this, tokens, options);
        var hooks = options.IsRefresh ? ActiveHooks.None : Activate([.. options.Hooks.Select(h => HookRegistration.For(h.Points, HookPoints, h.Function)), .. options.Observers]);
        using var pass = new Pass([ForwardLoop.Segment(tokens, options)], hooks).ForRunOf(options.LengthOfRun);
        options.Cache?.Begin(tokens, Config.NCtx, ForwardLoop.HasTable(Config));
        var resid = ForwardLoop.Run(this, EmbedRows(tokens.reshape(-1), pass, options.WithGradients), pass, 0, stop ?? Config.NLayers);
        var result = stop is null ? LogitsOf(resid, pass) : resid;
        options.Cache?.End(tokens.shape[1], options.AttentionMask);
        hooks.RequireFired(stop is null ? "the model does not compute it here" : $"the run stopped before layer {stop}");
        return result.view(tokens.shape[0], tokens.shape[1], -1).MoveToOuterDisposeScope();
    }

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
        if (resid.dim() != 3 || resid.shape[2] != Config.DModel)
        {
            throw new TokenInputException($"A residual stream is [batch, pos, d_model={Config.DModel}]; found [{string.Join(", ", resid.shape)}]. Token ids go to Forward.");
        }

        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var hooks = Activate([.. options.Hooks.Select(h => HookRegistration.For(h.Points, HookPoints, h.Function)), .. options.Observers]);
        using Pass pass = new([ForwardLoop.Segment(resid, options)], hooks);
        var rows = ForwardLoop.Run(this, resid.reshape(-1, Config.DModel).clone(), pass, start, stop ?? Config.NLayers);
        var result = stop is null ? LogitsOf(rows, pass) : rows;
        hooks.RequireFired($"the run started at layer {start}{(stop is null ? "" : $" and stopped before layer {stop}")}");
        return result.view(resid.shape[0], resid.shape[1], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The final norm and the unembedding.</summary>
    /// <param name="resid"><c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor LogitsOf(Tensor resid, Pass pass) => Unembed.Forward(LnFinal?.Forward(resid, pass) ?? resid, pass);

    /// <summary>The residual stream entering the first block, <c>[rows, d_model]</c>.</summary>
    /// <param name="tokens">Token ids, <c>[rows]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <param name="asLeaves">Whether the embeddings are leaves that gradients flow to.</param>
    internal Tensor EmbedRows(Tensor tokens, Pass pass, bool asLeaves = false)
    {
        Tensor Leaf(Tensor x) => asLeaves ? x.detach().requires_grad_().clone() : x;
        var embedded = pass.Apply(HookEmbed, Leaf(Embed.Forward(tokens, pass)));
        if (PosEmbed is null)
        {
            return embedded;
        }

        var positions = pass.Apply(HookPosEmbed!, Leaf(PosEmbed.Forward(pass, embedded.dtype)));
        if (Config.Positions is not LearnedPositions { ToQueriesAndKeysOnly: true })
        {
            return embedded.Plus(positions);
        }

        pass.QueryKeyPositions = positions.DetachFromDisposeScope();
        return embedded;
    }
}
