using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>A mixer and an MLP, each reading the residual stream and adding to it.</summary>
public sealed class TransformerBlock : Component
{
    private readonly BlockConfig _config;

    internal TransformerBlock(PartScope scope, BlockConfig config)
        : base(scope)
    {
        _config = config;
        if (config.CrossAttention is not null && (config.Mlp is null || config.Layout == BlockLayout.Parallel))
        {
            throw new ArgumentException("A block with cross-attention has its sublayers one after the other, the MLP last; this one is parallel or has no MLP.", nameof(config));
        }

        Norm? Last(string name, NormConfig? norm) => norm is null ? null : new(scope.Child(name), norm);
        var norms = config.Layout == BlockLayout.NormOnStream;
        if (config.AltUp is { } altUp)
        {
            HookResidPre = scope.With(("stream", altUp.Streams)).Point("hook_resid_pre", "batch pos stream d_model");
            AltUp = new(scope.Child("altup"), altUp);
        }
        else
        {
            HookResidPre = scope.Point("hook_resid_pre", "batch pos d_model");
        }

        if (config.Mixer is AttentionConfig attention)
        {
            var heads = scope.With(("head", attention.NHeads), ("kv_head", attention.NKeyValueHeads));
            var keyHead = attention.NKeyValueHeads == attention.NHeads ? "head" : "kv_head";
            HookAttnIn = attention.NKeyValueHeads == attention.NHeads ? heads.Point("hook_attn_in", "batch pos head d_model", optional: true) : null;
            HookQInput = heads.Point("hook_q_input", "batch pos head d_model", optional: true);
            HookKInput = attention.KeysFrom is null ? heads.Point("hook_k_input", $"batch pos {keyHead} d_model", optional: true) : null;
            HookVInput = attention.KeysFrom is null ? heads.Point("hook_v_input", $"batch pos {keyHead} d_model", optional: true) : null;
        }

        Ln1 = config.Ln1 is { } ln1 && !norms ? new(scope.Child("ln1"), ln1) : null;
        Mixer = Parts.Mixer(scope.Child(config.Mixer is AttentionConfig or RoutedAttentionConfig ? "attn" : "mixer"), config.Mixer);
        Ln1Post = config.Ln1Post is { } ln1Post ? new(scope.Child(config.Ln1 is null ? "ln1" : "ln1_post"), ln1Post) : null;
        HookAttnOut = scope.Point(config.Mixer is AttentionConfig or RoutedAttentionConfig ? "hook_attn_out" : "hook_mixer_out", "batch pos d_model");
        if (config.Laurel is { } laurel)
        {
            Laurel = new(scope.Child("laurel"), laurel);
            HookLaurelOut = scope.Point("hook_laurel_out", "batch pos d_model");
        }

        if (config.Mlp is { } mlp)
        {
            HookResidMid = config.Layout == BlockLayout.Parallel ? null : scope.Point("hook_resid_mid", "batch pos d_model");
            Ln1 = norms && config.Ln1 is { } stream ? new(scope.Child("ln1"), stream) : Ln1;
            Ln2 = config.Ln2 is { } ln2 && !norms ? new(scope.Child("ln2"), ln2) : null;
            if (config.CrossAttention is { } cross)
            {
                HookCrossAttnIn = scope.With(("head", cross.NHeads)).Point("hook_cross_attn_in", "batch pos head d_model", optional: true);
                CrossAttn = new(scope.Child("cross_attn"), cross);
                HookCrossAttnOut = scope.Point("hook_cross_attn_out", "batch pos d_model");
                HookResidMidCross = scope.Point("hook_resid_mid_cross", "batch pos d_model");
                Ln2 = norms && config.Ln2 is { } crossStream ? new(scope.Child("ln2"), crossStream) : Ln2;
                Ln3 = config.Ln3 is { } ln3 && !norms ? new(scope.Child("ln3"), ln3) : null;
            }

            HookMlpIn = scope.Point("hook_mlp_in", "batch pos d_model", optional: true);
            Mlp = Parts.Mlp(scope.Child("mlp"), mlp);
            Ln2Post = config.Ln2Post is { } ln2Post ? new(scope.Child(config.Ln2 is null ? "ln2" : "ln2_post"), ln2Post) : null;
            HookMlpOut = scope.Point("hook_mlp_out", "batch pos d_model");
        }

        if (config.PerLayerInput is { } perLayer)
        {
            PerLayerInput = new(scope.Child("ple"), perLayer);
            HookPerLayerOut = scope.Point("hook_ple_out", "batch pos d_model");
        }

        OutScale = config.OutputScale ? scope.Weight("out_scale", "one") : null;
        HookResidPost = config.AltUp is { } lanes
            ? scope.With(("stream", lanes.Streams)).Point("hook_resid_post", "batch pos stream d_model")
            : scope.Point("hook_resid_post", "batch pos d_model");
        if (norms)
        {
            (Ln2, Ln3) = CrossAttn is null ? (Last("ln2", config.Ln2), null) : (Ln2, Last("ln3", config.Ln3));
            HookNormalizedResidPost = scope.Point("hook_normalized_resid_post", "batch pos d_model");
        }
    }

    /// <summary>The norm before attention (on the stream after attention, where norms act on the stream).</summary>
    public Norm? Ln1 { get; }

    /// <summary>The attention sublayer, or the recurrence in its place.</summary>
    public Mixer Mixer { get; }

    /// <summary>The attention sublayer, where the mixer is one.</summary>
    public Attention? Attn => Mixer as Attention;

    /// <summary>The norm on what attention writes.</summary>
    public Norm? Ln1Post { get; }

    /// <summary>The norm before the MLP (on the stream after it, where norms act on the stream); in blocks with cross-attention the norm of that sublayer.</summary>
    public Norm? Ln2 { get; }

    /// <summary>The norm of the MLP in blocks with cross-attention.</summary>
    public Norm? Ln3 { get; }

    /// <summary>Attention to the encoder's output, where the block has it.</summary>
    public CrossAttention? CrossAttn { get; }

    /// <summary>The MLP sublayer, where there is one.</summary>
    public FeedForward? Mlp { get; }

    /// <summary>The norm on what the MLP writes.</summary>
    public Norm? Ln2Post { get; }

    /// <summary>The low-rank branch beside attention, where there is one.</summary>
    public Laurel? Laurel { get; }

    /// <summary>The part that reads the token's vector of this layer, where there is one.</summary>
    public PerLayerInput? PerLayerInput { get; }

    /// <summary>How the lanes of the stream are predicted and corrected, where it has several; the sublayers read the first predicted lane.</summary>
    public AltUp? AltUp { get; }

    /// <summary>The factor on the stream as it leaves the block, where there is one.</summary>
    public Weight? OutScale { get; }

    /// <summary>The residual stream entering the block.</summary>
    public HookPoint HookResidPre { get; }

    /// <summary>The residual stream that attention reads, a copy per head, before the norm.</summary>
    public HookPoint? HookAttnIn { get; }

    /// <summary>The residual stream that queries read, a copy per head, before the norm.</summary>
    public HookPoint? HookQInput { get; }

    /// <summary>The residual stream that keys read, a copy per head, before the norm.</summary>
    public HookPoint? HookKInput { get; }

    /// <summary>The residual stream that values read, a copy per head, before the norm.</summary>
    public HookPoint? HookVInput { get; }

    /// <summary>Exactly what attention adds to the residual stream.</summary>
    public HookPoint HookAttnOut { get; }

    /// <summary>What the low-rank branch adds beside attention, where there is one; then <c>resid_mid</c> is the sum divided by <c>√2</c>.</summary>
    public HookPoint? HookLaurelOut { get; }

    /// <summary>Exactly what the token's vector of this layer adds to the stream (to every lane but the first, where there are several), before the factor on the stream.</summary>
    public HookPoint? HookPerLayerOut { get; }

    /// <summary>The residual stream between attention and the MLP; absent in parallel blocks.</summary>
    public HookPoint? HookResidMid { get; }

    /// <summary>A copy of the residual stream that the MLP reads, before the norm.</summary>
    public HookPoint? HookMlpIn { get; }

    /// <summary>Exactly what the MLP adds to the residual stream.</summary>
    public HookPoint? HookMlpOut { get; }

    /// <summary>The residual stream leaving the block (before the stream's norm, where norms act on the stream).</summary>
    public HookPoint HookResidPost { get; }

    /// <summary>The normalized stream that the next block reads, where norms act on the stream.</summary>
    public HookPoint? HookNormalizedResidPost { get; }

    /// <summary>The residual stream that cross-attention's queries read, a copy per head, before the norm.</summary>
    public HookPoint? HookCrossAttnIn { get; }

    /// <summary>Exactly what cross-attention adds to the residual stream.</summary>
    public HookPoint? HookCrossAttnOut { get; }

    /// <summary>The residual stream between cross-attention and the MLP.</summary>
    public HookPoint? HookResidMidCross { get; }

    /// <summary>The block's configuration.</summary>
    public BlockConfig Config => _config;

    /// <summary>Whether what leaves the block is what entered it and what its sublayers add.</summary>
    internal bool IsAdditive => AltUp is null && Laurel is null && PerLayerInput is null && OutScale is null && _config.Layout != BlockLayout.NormOnStream;

    /// <summary>Whether the stream, the block's own keys and values and what its sublayers add are all that the rest of a run needs of it.</summary>
    internal bool IsResumable => AltUp is null && Laurel is null && PerLayerInput is null && OutScale is null && Mixer is not Attention { Config: { KeysFrom: not null } or { LendsKeys: true } };

    /// <summary>Runs the block.</summary>
    /// <param name="resid">Residual stream, <c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns>The residual stream that the next block reads.</returns>
    internal Tensor Forward(Tensor resid, Pass pass)
    {
        resid = pass.Apply(HookResidPre, resid);
        var predicted = AltUp?.Predict(resid, pass);
        resid = predicted?.select(1, 0) ?? resid;
        var input = ReadByMixer(resid, pass);
        var written = Written(Mixer.Forward(input, pass), pass);
        return predicted is null ? AfterAttention(resid, written, input, pass) : AfterLane(resid, written, input, predicted, pass);
    }

    /// <summary>What the mixer reads: the normalized stream, or separate ones when someone split them.</summary>
    internal MixerInput ReadByMixer(Tensor resid, Pass pass)
    {
        var split = pass.Listens(HookAttnIn) || pass.Listens(HookQInput) || pass.Listens(HookKInput) || pass.Listens(HookVInput);
        if (!split)
        {
            var all = PreNorm(resid, pass);
            return pass.QueryKeyPositions is { } positions ? new(all.Plus(positions), all.Plus(positions), all) : new(all);
        }

        Tensor? shared = null;
        Tensor? common = pass.Listens(HookAttnIn) ? pass.Apply(HookAttnIn!, PerHead(resid, HookAttnIn!)) : null;
        Tensor Before(HookPoint point) => pass.Listens(point) ? pass.Apply(point, PerHead(resid, point)) : common ?? resid;
        var (q, k, v) = (Before(HookQInput!), Before(HookKInput!), Before(HookVInput!));
        Tensor Read(Tensor x) => x.dim() == 3 ? PreNorm(x, pass) : shared ??= PreNorm(x, pass);
        var (queries, keys, values) = (Read(q), Read(k), Read(v));
        if (pass.QueryKeyPositions is not { } p)
        {
            return new(queries, keys, values);
        }

        Tensor With(Tensor x) => x.Plus(x.dim() == 3 ? p.unsqueeze(1) : p);
        return new(With(queries), With(keys), values);
    }

    /// <summary>Applies the norm and factor on what the mixer writes, and shows <c>hook_attn_out</c>.</summary>
    internal Tensor Written(Tensor mixed, Pass pass) => pass.Apply(HookAttnOut, Scaled(Ln1Post?.Forward(mixed, pass) ?? mixed));

    /// <summary>The rest of the block once it is known what attention adds.</summary>
    /// <param name="resid">The residual stream entering the block.</param>
    /// <param name="attnOut">Exactly what attention adds.</param>
    /// <param name="input">What the mixer read, for parallel blocks whose MLP shares its norm; <see langword="null"/> to norm again.</param>
    /// <param name="pass">The run.</param>
    internal Tensor AfterAttention(Tensor resid, Tensor attnOut, MixerInput? input, Pass pass)
    {
        if (Mlp is null)
        {
            return Leave(Finished(resid.Plus(attnOut), pass), pass);
        }

        if (_config.Layout == BlockLayout.Parallel)
        {
            var shared = Ln2 is null && input is { Values: { } all } && all.dim() == 2 && !pass.Listens(HookMlpIn) ? all : null;
            var parallel = MlpOut(resid, shared, pass);
            return Leave(Finished(resid.Plus(attnOut).Plus(parallel), pass), pass);
        }

        return AfterMid(Mid(resid, attnOut, input, pass), pass);
    }

    /// <summary>The stream between the sublayers of a sequential block.</summary>
    private Tensor Mid(Tensor resid, Tensor attnOut, MixerInput? input, Pass pass)
    {
        var sum = resid.Plus(attnOut);
        if (Laurel is null)
        {
            return pass.Apply(HookResidMid!, sum);
        }

        var read = input is { Values: { } all } && all.dim() == 2 ? all : PreNorm(resid, pass);
        return pass.Apply(HookResidMid!, sum.Plus(pass.Apply(HookLaurelOut!, Laurel.Forward(read, pass))).Times(Math.Sqrt(0.5)));
    }

    /// <summary>The rest of a block whose sublayers work on the first lane of several.</summary>
    private Tensor AfterLane(Tensor lane, Tensor attnOut, MixerInput input, Tensor predicted, Pass pass)
    {
        var mid = Mid(lane, attnOut, input, pass);
        var corrected = AltUp!.Correct(predicted, mid.Plus(MlpOut(mid, null, pass)), pass);
        if (PerLayerInput is not null)
        {
            var added = pass.Apply(HookPerLayerOut!, PerLayerInput.Forward(AltUp.ReadByPerLayerInput(corrected), pass));
            var further = corrected.narrow(1, 1, corrected.shape[1] - 1).Plus(added.unsqueeze(1));
            corrected = torch.cat([corrected.narrow(1, 0, 1), further], 1);
        }

        return Leave(corrected, pass);
    }

    /// <summary>What follows both sublayers: the token's vector of this layer, and the factor on the stream.</summary>
    private Tensor Finished(Tensor post, Pass pass)
    {
        post = PerLayerInput is null ? post : post.Plus(pass.Apply(HookPerLayerOut!, PerLayerInput.Forward(post, pass)));
        return OutScale is null ? post : post.Times(OutScale.Value);
    }

    /// <summary>The rest of a sequential block once <c>resid_mid</c> is known.</summary>
    internal Tensor AfterMid(Tensor mid, Pass pass)
    {
        var stream = _config.Layout == BlockLayout.NormOnStream ? Ln1?.Forward(mid, pass) ?? mid : mid;
        if (CrossAttn is not null)
        {
            stream = pass.Apply(HookResidMidCross!, stream.Plus(CrossOut(stream, pass)));
            stream = _config.Layout == BlockLayout.NormOnStream ? Ln2?.Forward(stream, pass) ?? stream : stream;
        }

        return Leave(Finished(stream.Plus(MlpOut(stream, null, pass)), pass), pass);
    }

    /// <summary>Shows <c>hook_resid_post</c> and applies the stream's norm, where there is one.</summary>
    internal Tensor Leave(Tensor post, Pass pass)
    {
        post = pass.Apply(HookResidPost, post);
        return HookNormalizedResidPost is null ? post : pass.Apply(HookNormalizedResidPost, MlpNorm?.Forward(post, pass) ?? post);
    }

    /// <summary>Exactly what the MLP adds, with <c>hook_mlp_out</c> shown.</summary>
    internal Tensor MlpOut(Tensor resid, Tensor? normalized, Pass pass)
    {
        if (pass.Listens(HookMlpIn))
        {
            resid = pass.Apply(HookMlpIn!, resid.clone());
        }

        var reads = normalized ?? (_config.Layout == BlockLayout.NormOnStream ? resid : (MlpNorm ?? (_config.Layout == BlockLayout.Parallel ? Ln1 : null))?.Forward(resid, pass) ?? resid);
        return WrittenByMlp(Mlp!.Forward(reads, pass), pass);
    }

    /// <summary>Applies the norm and factor on what the MLP writes, and shows <c>hook_mlp_out</c>.</summary>
    internal Tensor WrittenByMlp(Tensor mlp, Pass pass) => pass.Apply(HookMlpOut!, Scaled(Ln2Post?.Forward(mlp, pass) ?? mlp));

    private Norm? MlpNorm => CrossAttn is null ? Ln2 : Ln3;

    /// <summary>Exactly what cross-attention adds, with <c>hook_cross_attn_out</c> shown.</summary>
    private Tensor CrossOut(Tensor stream, Pass pass)
    {
        var reads = pass.Listens(HookCrossAttnIn) ? pass.Apply(HookCrossAttnIn!, PerHead(stream, HookCrossAttnIn!)) : stream;
        reads = _config.Layout == BlockLayout.NormOnStream ? reads : Ln2?.Forward(reads, pass) ?? reads;
        return pass.Apply(HookCrossAttnOut!, Scaled(CrossAttn!.Forward(reads, pass)));
    }

    private Tensor PreNorm(Tensor x, Pass pass) => _config.Layout == BlockLayout.NormOnStream ? x : Ln1?.Forward(x, pass) ?? x;

    private static Tensor PerHead(Tensor resid, HookPoint point) => resid.unsqueeze(1).repeat(1, point.Sizes[point.Axes.Names[2]], 1);

    private Tensor Scaled(Tensor x) => _config.ResidualMultiplier == 1 ? x : x.Times(_config.ResidualMultiplier);
}
