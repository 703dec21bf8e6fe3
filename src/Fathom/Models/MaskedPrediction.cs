namespace Fathom.Models;

/// <summary>What an encoder puts in place of one masked token.</summary>
/// <param name="Row">The sequence of the batch.</param>
/// <param name="Position">Where the masked token stands, from 0, special tokens counted.</param>
/// <param name="Tokens">The ranked distribution over tokens there.</param>
public sealed record MaskedPrediction(int Row, int Position, NextTokens Tokens);
