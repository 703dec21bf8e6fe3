using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>A decoder-only transformer whose every intermediate has a name.</summary>
/// <remarks>One forward loop serves the full run, the run on a cache, and the window run of many patches at once.</remarks>
public sealed class HookedTransformer : StackedModel
{
    /// <summary>Builds a model with empty weight slots.</summary>
    /// <param name="config">What to build.</param>
    public HookedTransformer(ModelConfig config)
        : this(config, new PartScope())
    {
    }

    private HookedTransformer(ModelConfig config, PartScope root)
        : base(root, config)
    {
        var scope = root.With(("d_model", config.DModel), ("d_vocab", config.DVocab), ("one", 1));
        Embed = new(scope.Child("embed"), config);
        HookEmbed = scope.Point("hook_embed", "batch pos d_model");
        if (config.Positions is { } positions)
        {
            PosEmbed = new(scope.Child("pos_embed"), positions, config.NCtx);
            HookPosEmbed = scope.Point("hook_pos_embed", "batch pos d_model");
        }

        PerLayerEmbed = config.PerLayerEmbedding is { } perLayer ? new(scope.Child("ple_embed"), perLayer, config.NLayers) : null;
        Lanes = config.Blocks is [{ AltUp: { } altUp }, ..] ? new(scope.Child("lanes"), altUp.Streams) : null;
        Blocks = [.. config.Blocks.Select((block, i) => new TransformerBlock(scope.Child($"blocks.{i}", i), block))];
        LnFinal = config.FinalNorm is { } norm ? new(scope.Child("ln_final"), norm) : null;
        Head = config.Head is { } head ? new(scope.Child("lm_head"), head, config.DEmbed ?? config.DModel) : null;
        Unembed = new(scope.Child("unembed"), config);
    }

    /// <summary>The token embedding.</summary>
    public Embed Embed { get; }

    /// <summary>Position vectors, where they are added to the embedding.</summary>
    public PosEmbed? PosEmbed { get; }

    /// <summary>The second embedding, whose vectors blocks read, where there is one.</summary>
    public PerLayerEmbed? PerLayerEmbed { get; }

    /// <inheritdoc/>
    public override StreamLanes? Lanes { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TransformerBlock> Blocks { get; }

    /// <summary>The norm before the unembedding, where there is one.</summary>
    public override Norm? LnFinal { get; }

    /// <inheritdoc/>
    public override PredictionHead? Head { get; }

    /// <inheritdoc/>
    public override Unembed Unembed { get; }

    /// <summary>The embedded tokens.</summary>
    public HookPoint HookEmbed { get; }

    /// <summary>The position vectors, where they are added to the embedding.</summary>
    public HookPoint? HookPosEmbed { get; }

    /// <inheritdoc/>
    internal override Weight WordVectors => Embed.WE;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor tokens, RunOptions? options = null)
    {
        options ??= RunOptions.Default;
        var stop = ForwardLoop.StopLayer(options.StopAtLayer, Config.NLayers);
        if (options.Cache is not null && stop < Config.NLayers)
        {
            throw new TokenInputException($"A run that stops before layer {stop} cannot use a cache: the layers after it would miss its positions. Run all {Config.NLayers} layers, or leave the cache out.");
        }

        if (options is { PerQueryHead: true, Cache: not null })
        {
            throw new TokenInputException("A cache holds one key and value for each key-value head; a run with PerQueryHead has one for each query head. Leave one of the two out.");
        }

        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        tokens = ForwardLoop.Checked(tokens, Config, options);
        ForwardLoop.TokenTypes(tokens, Config, options);
        OutgrownCache.Refresh(this, tokens, options);
        var hooks = options.IsRefresh ? ActiveHooks.None : Activate(options);
        using var pass = new Pass([ForwardLoop.Segment(tokens, options)], hooks) { PerQueryHead = options.PerQueryHead }.ForRunOf(options.LengthOfRun);
        options.Cache?.Begin(tokens, Config.NCtx, ForwardLoop.HasTable(Config));
        var resid = ForwardLoop.Run(this, EmbedRows(tokens.reshape(-1), pass, options.WithGradients), pass, 0, stop ?? Config.NLayers);
        var result = stop is null ? LogitsOf(resid, pass) : resid;
        options.Cache?.End(tokens.shape[1], options.AttentionMask);
        hooks.RequireFired(stop is null ? "the model does not compute it here" : $"the run stopped before layer {stop}");
        return result.view([tokens.shape[0], tokens.shape[1], .. result.shape[1..]]).MoveToOuterDisposeScope();
    }

    /// <summary>The residual stream entering the first block, <c>[rows, d_model]</c>.</summary>
    /// <param name="tokens">Token ids, <c>[rows]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <param name="asLeaves">Whether the embeddings are leaves that gradients flow to.</param>
    internal Tensor EmbedRows(Tensor tokens, Pass pass, bool asLeaves = false)
    {
        Tensor Leaf(Tensor x) => asLeaves ? x.detach().requires_grad_().clone() : x;
        var embedded = pass.Apply(HookEmbed, Leaf(Embed.Forward(tokens, pass)));
        if (PerLayerEmbed is not null)
        {
            pass.HoldPerLayerVectors(PerLayerEmbed.Forward(tokens, embedded, pass));
        }

        if (PosEmbed is null)
        {
            return Lanes?.Spread(embedded) ?? embedded;
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
