using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Multi-head attention, hookable at every intermediate.</summary>
/// <remarks>
/// <c>scores = q·kᵀ·scale + mask</c>, <c>pattern = softmax(scores)</c>, <c>z = pattern·v</c>, <c>result = z·W_O</c> per head, <c>out = Σ_head result + b_O</c>.
/// Source: Vaswani et al. 2017 (arXiv:1706.03762) §3.2, in the per-head layout of Elhage et al. 2021.
/// </remarks>
public sealed class Attention : Mixer
{
    private readonly AttentionConfig _config;
    private readonly AttentionCore _core;
    private readonly EndOfRows _ends;
    private readonly Rotary? _rotary;
    private readonly (Weight Weight, Weight Bias)? _queries;
    private readonly (Weight Weight, Weight Bias)? _keys;
    private readonly (Weight Weight, Weight Bias)? _values;
    private readonly HookPoint? _hookK;
    private readonly HookPoint? _hookV;

    internal Attention(PartScope outer, AttentionConfig config)
        : base(outer)
    {
        var scope = outer.With(("head", config.NHeads), ("kv_head", config.NKeyValueHeads), ("d_head", config.DHead), ("d_head_v", config.DHeadV), ("d_qkv", (long)config.NHeads * config.DHeadV));
        _config = config;
        _rotary = config.Rotary is { } rotary ? new(rotary) : null;
        var keyHead = config.NKeyValueHeads == config.NHeads ? "head" : "kv_head";
        var valueWidth = config.DHeadV == config.DHead ? "d_head" : "d_head_v";
        var ownKeys = config.KeysFrom is null;
        if (config.Latent is { } compressed)
        {
            Latent = new(scope.With(("d_latent_q", compressed.QueryRank ?? 0), ("d_latent", compressed.KeyValueRank), ("d_rotary", compressed.DRope), ("d_nope", config.DHead - compressed.DRope)), compressed);
        }

        _queries = config.Latent?.QueryRank is null ? (scope.Weight("W_Q", "head d_model d_head", "d_model (head d_head)"), scope.Weight("b_Q", "head d_head", required: config.QkvBias)) : null;
        if (config.Latent is null && ownKeys)
        {
            _keys = (scope.Weight("W_K", $"{keyHead} d_model d_head", $"d_model ({keyHead} d_head)"), scope.Weight("b_K", $"{keyHead} d_head", required: config.QkvBias));
            _values = (scope.Weight("W_V", $"{keyHead} d_model {valueWidth}", $"d_model ({keyHead} {valueWidth})"), scope.Weight("b_V", $"{keyHead} {valueWidth}", required: config.QkvBias));
        }

        WO = scope.Weight("W_O", $"head {valueWidth} d_model", $"(head {valueWidth}) d_model");
        BO = scope.Weight("b_O", "d_model", required: config.OutputBias);
        HookQ = scope.Point("hook_q", "batch pos head d_head");
        _hookK = ownKeys ? scope.Point("hook_k", $"batch pos {keyHead} d_head") : null;
        _hookV = ownKeys ? scope.Point("hook_v", $"batch pos {keyHead} {valueWidth}") : null;
        QNorm = MakeNorm(scope.Child("q_norm"), config.QueryKeyNorm, "head");
        KNorm = ownKeys ? MakeNorm(scope.Child("k_norm"), config.QueryKeyNorm, keyHead) : null;
        VNorm = ownKeys && config.ValueNorm is { } valueNorm ? new(scope.Child("v_norm"), valueNorm, $"batch pos {keyHead} {valueWidth}", valueWidth) : null;
        HookRotQ = _rotary is null ? null : scope.Point("hook_rot_q", "batch pos head d_head");
        HookRotK = _rotary is null || !ownKeys ? null : scope.Point("hook_rot_k", $"batch pos {keyHead} d_head");
        _ends = new(config, scope.Layer);
        _core = new(scope, config);
        if (config.OutputGate)
        {
            WGate = scope.Weight("W_gate", $"head d_model {valueWidth}", $"d_model (head {valueWidth})");
            HookGate = scope.Point("hook_gate", $"batch pos head {valueWidth}");
        }

        HookZ = scope.Point("hook_z", $"batch pos head {valueWidth}");
        OutputNorm = config.OutputNorm is { } outputNorm ? new(scope.Child("out_norm"), outputNorm, "batch pos d_qkv", "d_qkv") : null;
        HookResult = scope.Point("hook_result", "batch pos head d_model", optional: true);
    }

    /// <summary>Query weights.</summary>
    /// <exception cref="InvalidOperationException">Queries are made from compressed ones; see <see cref="Latent"/>.</exception>
    public Weight WQ => Own(_queries?.Weight, "W_Q");

    /// <summary>Key weights.</summary>
    /// <exception cref="InvalidOperationException">Keys are made from compressed ones (see <see cref="Latent"/>) or are another block's.</exception>
    public Weight WK => Own(_keys?.Weight, "W_K");

    /// <summary>Value weights.</summary>
    /// <exception cref="InvalidOperationException">Values are made from compressed ones (see <see cref="Latent"/>) or are another block's.</exception>
    public Weight WV => Own(_values?.Weight, "W_V");

    /// <summary>Output weights.</summary>
    public Weight WO { get; }

    /// <summary>Query biases.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="WQ"/>.</exception>
    public Weight BQ => Own(_queries?.Bias, "b_Q");

    /// <summary>Key biases.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="WK"/>.</exception>
    public Weight BK => Own(_keys?.Bias, "b_K");

    /// <summary>Value biases.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="WV"/>.</exception>
    public Weight BV => Own(_values?.Bias, "b_V");

    /// <summary>Output bias.</summary>
    public Weight BO { get; }

    /// <summary>Weights of the output gate, where there is one.</summary>
    public Weight? WGate { get; }

    /// <summary>The projections through compressed vectors, where there are any.</summary>
    public LatentProjections? Latent { get; }

    /// <summary>The norm of queries, where there is one.</summary>
    public Norm? QNorm { get; }

    /// <summary>The norm of keys, where there is one.</summary>
    public Norm? KNorm { get; }

    /// <summary>The norm of values, where there is one.</summary>
    public Norm? VNorm { get; }

    /// <summary>The norm of the concatenated heads before <c>W_O</c>, where there is one.</summary>
    public Norm? OutputNorm { get; }

    /// <summary>Queries, before any norm or rotation.</summary>
    public HookPoint HookQ { get; }

    /// <summary>Keys, before any norm or rotation.</summary>
    /// <exception cref="InvalidOperationException">The block reads the keys of another one.</exception>
    public HookPoint HookK => Own(_hookK, "hook_k");

    /// <summary>Values.</summary>
    /// <exception cref="InvalidOperationException">The block reads the values of another one.</exception>
    public HookPoint HookV => Own(_hookV, "hook_v");

    /// <summary>Rotated queries, where positions are rotary.</summary>
    public HookPoint? HookRotQ { get; }

    /// <summary>Rotated keys, where positions are rotary.</summary>
    public HookPoint? HookRotK { get; }

    /// <summary>Vectors of distances as queries meet them, in disentangled attention.</summary>
    public HookPoint? HookPosK => _core.Disentangled?.HookPosK;

    /// <summary>Vectors of distances as keys meet them, in disentangled attention.</summary>
    public HookPoint? HookPosQ => _core.Disentangled?.HookPosQ;

    /// <summary>Scaled and masked scores, in nats.</summary>
    public HookPoint HookAttnScores => _core.HookAttnScores;

    /// <summary>Attention probabilities; each row sums to one (less where there are sinks).</summary>
    public HookPoint HookPattern => _core.HookPattern;

    /// <summary>The output gate before its sigmoid, where there is one.</summary>
    public HookPoint? HookGate { get; }

    /// <summary>Each head's mixed values, as <c>W_O</c> reads them.</summary>
    public HookPoint HookZ { get; }

    /// <summary>What each head writes to the residual stream, before the sum and <c>b_O</c>.</summary>
    public HookPoint HookResult { get; }

    /// <summary>The configuration.</summary>
    public AttentionConfig Config => _config;

    internal override IReadOnlyList<Reader> Readers =>
    [
        .. new[] { _queries, _keys, _values }.OfType<(Weight Weight, Weight Bias)>().Select(p => new Reader(p.Weight, p.Bias)),
        .. Latent?.Readers ?? [],
        .. WGate is null ? [] : new[] { new Reader(WGate, null) },
    ];

    internal override Tensor Forward(MixerInput input, Pass pass) => Output(Heads(input, pass), pass);

    /// <summary>Everything up to <c>hook_z</c>: <c>[rows, head, d_head]</c>.</summary>
    internal Tensor Heads(MixerInput input, Pass pass)
    {
        var q = pass.Apply(HookQ, Queries(input.Queries, pass));
        if (_hookK is null)
        {
            return Gated(_core.Attend(Turned(q, QNorm, HookRotQ, pass), null, null, pass), input.Queries, pass);
        }

        var (k, v) = KeysAndValues(input, pass);
        k = pass.Apply(_hookK, PerQueryHead(k, pass));
        v = pass.Apply(_hookV!, PerQueryHead(v, pass));
        (q, k) = _config.QueryKeyNorm is { AfterRotary: false } first
            ? (Normalized(QNorm, q, first, pass), Normalized(KNorm, k, first, pass))
            : (Rotated(q, HookRotQ, pass), Rotated(k, HookRotK, pass));
        (q, k) = _config.QueryKeyNorm is { AfterRotary: false } ? (Rotated(q, HookRotQ, pass), Rotated(k, HookRotK, pass))
            : _config.QueryKeyNorm is { } last ? (Normalized(QNorm, q, last, pass), Normalized(KNorm, k, last, pass)) : (q, k);
        v = VNorm?.Forward(v, pass) ?? v;
        return Gated(_core.Attend(q, k, v, pass, _core.Disentangled?.Project(pass, this)), input.Queries, pass);
    }

    /// <summary>What one reader of attention makes of its input: queries, keys, values or the gate, as the point shows them.</summary>
    /// <param name="point"><see cref="HookQ"/>, <see cref="HookK"/>, <see cref="HookV"/> or <see cref="HookGate"/>.</param>
    /// <param name="input">What the mixer reads.</param>
    internal Tensor Projected(HookPoint point, MixerInput input) =>
        point == HookK ? Clip(Project(input.Keys, WK, BK, _config.NKeyValueHeads))
        : point == HookV ? Clip(Project(input.Values, WV, BV, _config.NKeyValueHeads))
        : point == HookQ ? Clip(Project(input.Queries, WQ, BQ, _config.NHeads))
        : Project(input.Queries, WGate!, null, _config.NHeads);

    /// <summary>As <see cref="Heads"/>, for the last position of each sequence only: keys and values of all rows, queries of the last ones.</summary>
    /// <param name="input">What the mixer reads, all rows.</param>
    /// <param name="pass">The pass of all rows.</param>
    /// <param name="end">A pass over the last position of the same segments, each on an <see cref="EndPrefix"/>.</param>
    /// <param name="last">The index of each sequence's last row, int64.</param>
    /// <returns><c>[sequences, head, d_head]</c>.</returns>
    internal Tensor HeadsAtEnd(MixerInput input, Pass pass, Pass end, Tensor last)
    {
        if (Latent is null && _ends.Serves(input, pass))
        {
            return end.Apply(HookZ, _ends.Mix(Queries(input.Queries.index_select(0, last), end), input.Keys, this, pass));
        }

        var (k, v) = KeysAndValues(input, pass);
        k = Turned(k, KNorm, HookRotK, pass);
        v = VNorm?.Forward(v, pass) ?? v;
        var whole = pass.Segments.Count == 1;
        foreach (var (all, one) in pass.Segments.Zip(end.Segments))
        {
            ((EndPrefix)one.Prefix).Hold(all.View(k, whole).transpose(1, 2), all.View(v, whole).transpose(1, 2));
        }

        var queries = input.Queries.index_select(0, last);
        var q = Turned(Queries(queries, end), QNorm, HookRotQ, end);
        return Gated(_core.Attend(q, k.index_select(0, last), v.index_select(0, last), end, _core.Disentangled?.Project(end, this)), queries, end);
    }

    /// <summary>Whether a row's query, key and value depend on that row alone, and the rest on them alone.</summary>
    internal bool ProjectsRowsAlone => Latent is null && WGate is null && _core.Disentangled is null && _config is { Causal: true, KeysFrom: null };

    /// <summary>Queries, keys and values as scores and mixing use them, of rows that nobody observes, <c>[rows, head, d_head]</c> each.</summary>
    internal (Tensor Queries, Tensor Keys, Tensor Values) Vectors(MixerInput input, Pass pass)
    {
        var (k, v) = KeysAndValues(input, pass);
        return (QueriesOf(input, pass), Turned(k, KNorm, HookRotK, pass), VNorm?.Forward(v, pass) ?? v);
    }

    /// <summary>The queries of <see cref="Vectors"/>.</summary>
    internal Tensor QueriesOf(MixerInput input, Pass pass) => Turned(Queries(input.Queries, pass), QNorm, HookRotQ, pass);

    /// <summary>Scores and mixes <see cref="Vectors"/>: <c>[rows, head, d_head]</c>.</summary>
    internal Tensor Mixed(Tensor queries, Tensor keys, Tensor values, Pass pass) => pass.Apply(HookZ, _core.Attend(queries, keys, values, pass));

    /// <summary>What heads write: <c>[rows, d_model]</c>.</summary>
    /// <param name="z"><c>[rows, head, d_head]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor Output(Tensor z, Pass pass)
    {
        if (OutputNorm is not null)
        {
            z = OutputNorm.Forward(z.reshape(z.shape[0], -1), pass).view(z.shape);
        }

        if (pass.Listens(HookResult))
        {
            var result = pass.Apply(HookResult, z.transpose(0, 1).bmm(WO.Value).transpose(0, 1));
            var sum = result.sum([1]);
            return BO.IsBound ? sum.Plus(BO.Value) : sum;
        }

        return Linear.Apply(z.reshape(z.shape[0], -1), WO, BO);
    }

    private static Norm? MakeNorm(PartScope scope, QueryKeyNormConfig? config, string head) => config is null ? null : new(
        config.Scope == QueryKeyNormScope.FullWidth ? scope.With(("d_qkv", scope.SizeOf(head) * scope.SizeOf("d_head"))) : scope,
        config.Norm,
        config.Scope == QueryKeyNormScope.FullWidth ? "batch pos d_qkv" : $"batch pos {head} d_head",
        config.Scope switch { QueryKeyNormScope.FullWidth => "d_qkv", QueryKeyNormScope.HeadOwnGain => $"{head} d_head", _ => "d_head" });

    private Tensor Queries(Tensor x, Pass pass) => _queries is { } own ? Clip(Project(x, own.Weight, own.Bias, _config.NHeads)) : Latent!.Queries(x, pass);

    /// <summary>In a run that shows each query head's keys and values apart, a copy of the key-value head for each query head of its group.</summary>
    private Tensor PerQueryHead(Tensor x, Pass pass)
    {
        if (!pass.PerQueryHead || _config.NHeads == _config.NKeyValueHeads)
        {
            return x;
        }

        return _config.QueryKeyNorm is null or { Scope: QueryKeyNormScope.HeadSharedGain }
            ? x.repeat_interleave(_config.NHeads / _config.NKeyValueHeads, 1)
            : throw new InvalidOperationException($"{Path} normalizes keys with a gain for each of {_config.NKeyValueHeads} key-value heads, so that keys of {_config.NHeads} query heads cannot be shown apart. Run without PerQueryHead; the points have an axis kv_head.");
    }

    private (Tensor Keys, Tensor Values) KeysAndValues(MixerInput input, Pass pass) => Latent?.KeysAndValues(input.Keys, input.Values, pass)
        ?? (Clip(Project(input.Keys, WK, BK, _config.NKeyValueHeads)), Clip(Project(input.Values, WV, BV, _config.NKeyValueHeads)));

    private T Own<T>(T? part, string name)
        where T : class => part ?? throw new InvalidOperationException($"{Path} has no {name}: {(_config.KeysFrom is { } block ? $"it reads the keys and values of block {block}" : "its heads' vectors are made from compressed ones, whose weights are in Latent")}.");

    private static Tensor Project(Tensor x, Weight weight, Weight? bias, long heads) =>
        x.dim() == 3 ? Linear.PerHead(x, weight, bias) : Linear.Apply(x, weight, bias).view(x.shape[0], heads, -1);

    private static Tensor Normalized(Norm? norm, Tensor x, QueryKeyNormConfig? config, Pass pass) => norm is null
        ? x
        : config!.Scope == QueryKeyNormScope.FullWidth ? norm.Forward(x.reshape(x.shape[0], -1), pass).view(x.shape) : norm.Forward(x, pass);

    private Tensor Turned(Tensor x, Norm? norm, HookPoint? point, Pass pass) => _config.QueryKeyNorm is { AfterRotary: true } last
        ? Normalized(norm, Rotated(x, point, pass), last, pass)
        : Rotated(Normalized(norm, x, _config.QueryKeyNorm, pass), point, pass);

    private Tensor Gated(Tensor z, Tensor queries, Pass pass)
    {
        if (WGate is not null)
        {
            z = z.Times(pass.Apply(HookGate!, Project(queries, WGate, null, _config.NHeads)).sigmoid());
        }

        return pass.Apply(HookZ, z);
    }

    private Tensor Rotated(Tensor x, HookPoint? point, Pass pass) => _rotary is null ? x : pass.Apply(point!, _rotary.Apply(x, pass));

    private Tensor Clip(Tensor x)
    {
        if (_config.Clip is not { } bound)
        {
            return x;
        }

        using var low = (-bound).ToScalar();
        using var high = bound.ToScalar();
        return x.clamp(low, high);
    }
}
