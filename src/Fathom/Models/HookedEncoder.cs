using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>An encoder whose every intermediate has a name: each position sees all others, and the head predicts masked tokens.</summary>
/// <remarks>The verbs are those of <see cref="HookedTransformer"/>; what rests on causality (generation, caches of keys and values, next-token loss) does not exist here. Source: Devlin et al. 2018 (arXiv:1810.04805).</remarks>
public sealed class HookedEncoder : StackedModel
{
    /// <summary>Builds a model with empty weight slots.</summary>
    /// <param name="config">What to build.</param>
    public HookedEncoder(ModelConfig config)
        : this(config, new PartScope())
    {
    }

    private HookedEncoder(ModelConfig config, PartScope root)
        : base(root, config)
    {
        var scope = root.With(("d_model", config.DModel), ("d_vocab", config.DVocab), ("one", 1));
        Embed = new(scope.Child("embed"), config);
        HookFullEmbed = scope.Point("hook_full_embed", "batch pos d_model");
        RelativeEmbed = config.RelativeEmbed is { } relative ? new(scope.Child("rel_embed"), relative) : null;
        Blocks = [.. config.Blocks.Select((block, i) => new TransformerBlock(scope.Child($"blocks.{i}", i), block))];
        LnFinal = config.FinalNorm is { } norm ? new(scope.Child("ln_final"), norm) : null;
        Head = config.Head is { } head ? new(scope.Child("mlm_head"), head, config.DEmbed ?? config.DModel) : null;
        Unembed = config.PredictsWords ? new(scope.Child("unembed"), config) : null;
        Pooler = config.NextSentence ? new(scope.Child("pooler")) : null;
        NspHead = config.NextSentence ? new(scope.Child("nsp_head")) : null;
    }

    /// <summary>The embeddings of tokens, positions and token types.</summary>
    public EncoderEmbed Embed { get; }

    /// <summary>Vectors of distances that attention reads in every layer, where there are any.</summary>
    public RelativeEmbed? RelativeEmbed { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TransformerBlock> Blocks { get; }

    /// <inheritdoc/>
    public override Norm? LnFinal { get; }

    /// <summary>The head that predicts masked tokens, before the unembedding.</summary>
    public override PredictionHead? Head { get; }

    /// <inheritdoc/>
    public override Unembed? Unembed { get; }

    /// <summary>The layer on the first token, in families that have one; unbound where the file leaves it out.</summary>
    public Pooler? Pooler { get; }

    /// <summary>The head that tells whether two texts follow each other, in families that have one; unbound where the file leaves it out.</summary>
    public NextSentenceHead? NspHead { get; }

    /// <summary>What the first block reads.</summary>
    public HookPoint HookFullEmbed { get; }

    /// <inheritdoc/>
    internal override Weight WordVectors => Embed.WE;

    /// <summary>The points that only a run for pairs of texts fires, in a model whose file holds that head.</summary>
    internal IReadOnlyList<string> NextSentencePoints => Pooler is { W.IsBound: true } pooler && NspHead is { W.IsBound: true } head ? [pooler.HookPoolerOut.Name, head.HookNspOut.Name] : [];

    /// <inheritdoc/>
    internal override bool FramesTexts => true;

    /// <inheritdoc/>
    internal override int TokenTypes => Config.TokenTypes ?? 0;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor tokens, RunOptions? options = null) => Run(tokens, options ?? RunOptions.Default, (resid, pass) => Shaped(LogitsOf(resid, pass), pass));

    /// <summary>Whether the second of two texts follows the first (<c>ModelInput.Pair</c>).</summary>
    /// <param name="input">Joined texts, or ids with the token types in the options.</param>
    /// <param name="options">How the run differs from a plain one.</param>
    /// <returns>Logits in nats, <c>[batch, 2]</c>: 0 follows, 1 does not. The caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">The model has no such head.</exception>
    public Tensor NextSentence(ModelInput input, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (Pooler is not { W.IsBound: true } pooler || NspHead is not { W.IsBound: true } head)
        {
            throw new InvalidOperationException($"{Source.Name} has no head that compares two texts: {(Pooler is null ? $"{Config.Architecture} was trained without one" : "its file leaves out the pooler or cls.seq_relationship")}.");
        }

        options ??= RunOptions.Default;
        if (options.StopAtLayer is not null)
        {
            throw new TokenInputException("The head that compares two texts reads the last layer; leave RunOptions.StopAtLayer out.");
        }

        using var batch = input.Resolve(this);
        var all = options with { AttentionMask = options.AttentionMask ?? batch.Mask, TokenTypes = options.TokenTypes ?? batch.TokenTypes };
        return Run(batch.Ids, all, (resid, pass) => head.Forward(pooler.Forward(First(resid, pass), pass), pass));
    }

    private Tensor Run(Tensor tokens, RunOptions options, Func<Tensor, Pass, Tensor> read)
    {
        if (options.Cache is not null)
        {
            throw new TokenInputException("An encoder reads the whole text at once, since every position sees all others; there is nothing to keep for later tokens. Leave RunOptions.Cache out.");
        }

        var stop = ForwardLoop.StopLayer(options.StopAtLayer, Config.NLayers);
        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        tokens = ForwardLoop.Checked(tokens, Config, options);
        var types = ForwardLoop.TokenTypes(tokens, Config, options);
        var hooks = Activate(options);
        using Pass pass = new([ForwardLoop.Segment(tokens, options)], hooks);
        Prepare(pass);
        var embedded = pass.Apply(HookFullEmbed, Embed.Forward(tokens.reshape(-1), types, pass, options.WithGradients));
        var resid = ForwardLoop.Run(this, embedded, pass, 0, stop ?? Config.NLayers);
        var result = stop is null ? read(resid, pass) : Shaped(resid, pass);
        hooks.RequireFired(stop is null ? "the model does not compute it here" : $"the run stopped before layer {stop}");
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override void Prepare(Pass pass) => pass.RelativeEmbeddings = RelativeEmbed?.Forward(pass).DetachFromDisposeScope();

    private static Tensor Shaped(Tensor rows, Pass pass) => rows.view(pass.Segments[0].Batch, pass.Segments[0].Length, -1);

    /// <summary>The stream at the first real token of each text, <c>[batch, d_model]</c>.</summary>
    private static Tensor First(Tensor resid, Pass pass)
    {
        var segment = pass.Segments[0];
        var first = segment.KeyMask is { } mask ? mask.to(torch.int64).argmax(1) : torch.zeros([segment.Batch], torch.int64);
        return resid.index_select(0, Arithmetic.Range(segment.Batch).Times(segment.Length).to(torch.int64).Plus(first).to(torch.int64));
    }
}
