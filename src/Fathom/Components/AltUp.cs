using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>What a block does with the lanes of the stream: it predicts all of them, and corrects them once its sublayers have updated the first.</summary>
/// <remarks>
/// With <c>m(x) = tanh(norm(x)·W_route / d_model)</c>: <c>predicted = lanes + C_predict(m(lane 0))·lanes</c> and <c>corrected = predicted + (updated - predicted 0) · (1 + m(updated)·W_correct)</c>.
/// Source: Baykal et al. 2023 (arXiv:2301.13310), as in the released code of Google's Gemma 3n models.
/// </remarks>
public sealed class AltUp : Component
{
    private readonly AltUpConfig _config;

    internal AltUp(PartScope outer, AltUpConfig config)
        : base(outer)
    {
        var scope = outer.With(("stream", config.Streams), ("from_stream", config.Streams), ("modality", config.Streams));
        _config = config;
        RouterGain = scope.Weight("router_norm.w", "d_model");
        WRoute = scope.Weight("W_route", "d_model modality");
        WPredict = scope.Weight("W_predict", "modality stream from_stream", "modality (stream from_stream)");
        WCorrect = scope.Weight("W_correct", "modality stream");
        OutScale = config.ScalesCorrected ? scope.Weight("out_scale", "d_model") : null;
        HookPredictModalities = scope.Point("hook_predict_modalities", "batch pos modality");
        HookPredicted = scope.Point("hook_predicted", "batch pos stream d_model");
        HookUpdated = scope.Point("hook_updated", "batch pos d_model");
        HookCorrectModalities = scope.Point("hook_correct_modalities", "batch pos modality");
    }

    /// <summary>The gain of the norm before the router.</summary>
    public Weight RouterGain { get; }

    /// <summary>The router.</summary>
    public Weight WRoute { get; }

    /// <summary>How much of each lane goes into the prediction of each other, per modality.</summary>
    public Weight WPredict { get; }

    /// <summary>How much of the first lane's change goes to each lane, per modality.</summary>
    public Weight WCorrect { get; }

    /// <summary>The factor on the corrected first lane before the per-layer input reads it, where there is one.</summary>
    public Weight? OutScale { get; }

    /// <summary>What the router says of the first lane as it enters the block.</summary>
    public HookPoint HookPredictModalities { get; }

    /// <summary>The predicted lanes; the sublayers read the first.</summary>
    public HookPoint HookPredicted { get; }

    /// <summary>The first lane after both sublayers.</summary>
    public HookPoint HookUpdated { get; }

    /// <summary>What the router says of the updated lane.</summary>
    public HookPoint HookCorrectModalities { get; }

    /// <summary>Predicts every lane.</summary>
    /// <param name="lanes"><c>[rows, stream, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor Predict(Tensor lanes, Pass pass)
    {
        var modalities = pass.Apply(HookPredictModalities, Modalities(lanes.select(1, 0)));
        var coefficients = Linear.Apply(modalities, WPredict).view(lanes.shape[0], _config.Streams, _config.Streams);
        return pass.Apply(HookPredicted, coefficients.bmm(lanes).Plus(lanes));
    }

    /// <summary>Corrects every lane.</summary>
    /// <param name="predicted">What <see cref="Predict"/> gave, <c>[rows, stream, d_model]</c>.</param>
    /// <param name="updated">The first lane after both sublayers, <c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor Correct(Tensor predicted, Tensor updated, Pass pass)
    {
        updated = pass.Apply(HookUpdated, updated);
        var coefficients = Linear.Apply(pass.Apply(HookCorrectModalities, Modalities(updated)), WCorrect).Plus(1).unsqueeze(-1);
        return predicted.Plus(coefficients.Times(updated.Minus(predicted.select(1, 0)).unsqueeze(1)));
    }

    /// <summary>The first lane as the per-layer input reads it.</summary>
    internal Tensor ReadByPerLayerInput(Tensor corrected) => OutScale is null ? corrected.select(1, 0) : corrected.select(1, 0).Times(OutScale.Value);

    private Tensor Modalities(Tensor lane)
    {
        var wide = lane.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? lane.to(torch.float32) : lane;
        var scale = wide.Squared().mean([-1], keepdim: true).Plus(_config.Epsilon).sqrt();
        var normalized = wide.Over(scale).Times(RouterGain.Value).to(lane.dtype);
        return Linear.Apply(normalized.Over(lane.shape[1]), WRoute).tanh();
    }
}
