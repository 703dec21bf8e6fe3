using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>A transformer of two stacks, whose every intermediate has a name: an encoder reads the input, and a decoder continues its own tokens while it attends to what the encoder made of it.</summary>
/// <remarks>
/// The verbs are those of <see cref="HookedTransformer"/>. Points are <c>encoder.{i}.…</c> and <c>decoder.{i}.…</c>, and fire in the order of <see cref="HookedModel.HookPoints"/>: the encoder's, then the decoder's. A decoder block attends to itself, then to the encoder (<c>cross_attn</c>), then runs its MLP.
/// Source: Vaswani et al. 2017 (arXiv:1706.03762); Raffel et al. 2019 (arXiv:1910.10683); Lewis et al. 2019 (arXiv:1910.13461).
/// </remarks>
public sealed class HookedEncoderDecoder : HookedModel
{
    /// <summary>Builds a model with empty weight slots.</summary>
    /// <param name="config">What to build.</param>
    /// <exception cref="ArgumentException">The config has no encoder.</exception>
    public HookedEncoderDecoder(ModelConfig config)
        : this(config, new PartScope())
    {
    }

    private HookedEncoderDecoder(ModelConfig config, PartScope root)
        : base(root)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        var encoder = config.Encoder ?? throw new ArgumentException($"{config.Architecture} has no encoder; build it as a HookedTransformer.", nameof(config));
        var scope = root.With(("d_model", config.DModel), ("d_vocab", config.DVocab), ("one", 1));
        Embed = new(scope.Child("embed"), config with { EmbedNorm = null });
        Encoder = new(scope, "encoder", "", encoder, config.NCtx);
        Decoder = new(scope, "decoder", "decoder_", new() { Blocks = config.Blocks, Positions = config.Positions, EmbedNorm = config.EmbedNorm, FinalNorm = config.FinalNorm }, config.NCtx);
        Unembed = new(scope.Child("unembed"), config);
        (DecoderStartToken, ForcedFirstToken, ForcedLastToken) = (config.DecoderStartToken, config.ForcedFirstToken, config.ForcedLastToken);
    }

    /// <summary>The configuration the model was built from.</summary>
    public ModelConfig Config { get; }

    /// <summary>The token embedding, which both stacks read.</summary>
    public Embed Embed { get; }

    /// <summary>What reads the input.</summary>
    public StackOfBlocks Encoder { get; }

    /// <summary>What continues its own tokens.</summary>
    public StackOfBlocks Decoder { get; }

    /// <summary>The unembedding of the decoder's stream.</summary>
    public Unembed Unembed { get; }

    /// <summary>The token the decoder starts with unless a call gives its tokens.</summary>
    public int? DecoderStartToken { get; set; }

    /// <summary>The token that answers begin with, after the start token, whatever its logit (mBART: the language of the answer); <see langword="null"/> for none.</summary>
    public int? ForcedFirstToken { get; set; }

    /// <summary>The token at the last place of an answer that reaches its limit, whatever its logit; <see langword="null"/> for none.</summary>
    public int? ForcedLastToken { get; set; }

    /// <inheritdoc/>
    internal override bool FramesTexts => true;

    /// <summary>Runs both stacks.</summary>
    /// <param name="tokens">The ids the encoder reads, <c>[batch, pos]</c> or <c>[pos]</c>, int64. On a cache that holds an encoded input, the same ids again; they are not run again.</param>
    /// <param name="options">How the run differs from a plain one; <see cref="RunOptions.DecoderTokens"/> are what the decoder reads.</param>
    /// <returns>Logits at the decoder's positions, <c>[batch, decoder_pos, d_vocab]</c>. The caller disposes it.</returns>
    /// <exception cref="TokenInputException">The ids are no valid input for this model.</exception>
    /// <exception cref="HookNeverFiredException">A named hook of the run did not fire.</exception>
    public Tensor Forward(Tensor tokens, RunOptions? options = null)
    {
        options ??= RunOptions.Default;
        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (input, mask) = EncoderInput.Checked(this, tokens, options);
        var decoder = options with { PositionIds = null, AttentionMask = options.DecoderMask };
        var ids = ForwardLoop.Checked(EncoderInput.DecoderIds(this, input, options), Config, decoder);
        EncoderInput.RequireSameBatch(input, ids);
        var hooks = Activate([.. options.Hooks.Select(h => HookRegistration.For(h.Points, HookPoints, h.Function)), .. options.Observers]);
        var reused = EncoderInput.Held(options.Cache, input, mask);
        var memory = reused ?? Encoded(input, mask, options, hooks);
        try
        {
            using Pass pass = new([ForwardLoop.Segment(ids, decoder)], hooks) { Memory = memory };
            options.Cache?.Begin(ids, Config.NCtx, ForwardLoop.HasTable(Config));
            var left = Decoder.Forward(Embed.Forward(ids.reshape(-1), pass), pass, options.WithGradients);
            var logits = Unembed.Forward(Config.OutputScale == 1 ? left : left.Times(Config.OutputScale), pass);
            options.Cache?.End(ids.shape[1], options.DecoderMask);
            hooks.RequireFired(reused is null ? "the model does not compute it here" : "the encoder ran when the cache was filled, and does not run again", options.IsLaterStep ? IsEncoderPoint : null);
            return logits.view(ids.shape[0], ids.shape[1], -1).MoveToOuterDisposeScope();
        }
        finally
        {
            if (options.Cache is null)
            {
                memory.Dispose();
            }
        }
    }

    /// <summary>Runs both stacks on the decoder's tokens too.</summary>
    /// <param name="tokens">The ids the encoder reads, <c>[batch, pos]</c> or <c>[pos]</c>, int64.</param>
    /// <param name="decoderTokens">The ids the decoder reads, <c>[batch, decoder_pos]</c> or <c>[decoder_pos]</c>, int64, the start token first.</param>
    /// <param name="options">How the run differs from a plain one.</param>
    /// <inheritdoc cref="Forward(Tensor, RunOptions?)"/>
    public Tensor Forward(Tensor tokens, Tensor decoderTokens, RunOptions? options = null) =>
        Forward(tokens, (options ?? RunOptions.Default) with { DecoderTokens = decoderTokens });

    /// <summary>Runs the encoder alone.</summary>
    /// <param name="tokens">The ids the encoder reads, <c>[batch, pos]</c> or <c>[pos]</c>, int64.</param>
    /// <param name="options">How the run differs from a plain one.</param>
    /// <returns>What the decoder would attend to, <c>[batch, pos, d_model]</c>. The caller disposes it.</returns>
    /// <exception cref="TokenInputException">The ids are no valid input for this model, or the options concern the decoder.</exception>
    /// <exception cref="HookNeverFiredException">A named hook of the run did not fire.</exception>
    public Tensor Encode(Tensor tokens, RunOptions? options = null)
    {
        options ??= RunOptions.Default;
        if (options.Cache is not null || options.DecoderTokens is not null || options.DecoderMask is not null)
        {
            throw new TokenInputException("Encode runs the encoder alone; RunOptions.Cache, DecoderTokens and DecoderMask are for Forward, which runs both stacks. Leave them out.");
        }

        using var gradients = options.WithGradients ? torch.enable_grad() : torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (input, mask) = EncoderInput.Checked(this, tokens, options);
        var hooks = Activate([.. options.Hooks.Select(h => HookRegistration.For(h.Points, HookPoints, h.Function)), .. options.Observers]);
        using var memory = Encoded(input, mask, options, hooks);
        hooks.RequireFired("only the encoder ran");
        return memory.Rows.view(memory.Batch, memory.Length, -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override Tensor RunBatch(TokenBatch batch, RunOptions options) => Forward(batch.Ids, options with { AttentionMask = options.AttentionMask ?? batch.Mask, TokenTypes = options.TokenTypes ?? batch.TokenTypes });

    /// <summary>Whether a point fires while the encoder runs.</summary>
    internal bool IsEncoderPoint(HookPoint point) => point == Encoder.HookEmbed || point == Encoder.HookPosEmbed || point.Name.StartsWith("encoder", StringComparison.Ordinal);

    private EncoderMemory Encoded(Tensor input, Tensor? mask, RunOptions options, ActiveHooks hooks)
    {
        using Pass pass = new([ForwardLoop.Segment(input, options with { Cache = null })], hooks);
        EncoderMemory memory = new(Encoder.Forward(Embed.Forward(input.reshape(-1), pass), pass, options.WithGradients), input, mask) { IsKept = options.Cache is not null };
        if (options.Cache is { } cache)
        {
            cache.Memory = memory;
        }

        return memory;
    }
}
