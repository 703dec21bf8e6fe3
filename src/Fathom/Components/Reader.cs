namespace Fathom.Components;

/// <summary>A weight that reads a normalized stream, so that the norm's gain and bias can be folded into it.</summary>
/// <param name="Weight">The weight; one of its axes is <c>d_model</c> (or the hidden width, for a norm inside an MLP).</param>
/// <param name="Bias">The bias that takes up the norm's bias; <see langword="null"/> where there can be none.</param>
/// <param name="Centred">Whether the weight's mean over the stream is taken off too (legal after a layer norm, whose output has mean zero).</param>
internal readonly record struct Reader(Weight Weight, Weight? Bias, bool Centred = true);
