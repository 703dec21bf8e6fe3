namespace Fathom.Components;

/// <summary>The keys and values that queries of a segment attend to: a part common to the batch, then a part of each sequence's own.</summary>
/// <param name="Keys">Own keys, <c>[batch, kv_head, own, d_head]</c>.</param>
/// <param name="Values">Own values, <c>[batch, kv_head, own, d_head]</c>.</param>
/// <param name="SharedKeys">Keys shared by the batch, <c>[kv_head, shared, d_head]</c>, or <see langword="null"/>.</param>
/// <param name="SharedValues">Values shared by the batch, <c>[kv_head, shared, d_head]</c>, or <see langword="null"/>.</param>
internal readonly record struct AttendedKeys(Tensor Keys, Tensor Values, Tensor? SharedKeys = null, Tensor? SharedValues = null);
