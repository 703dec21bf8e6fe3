namespace Fathom.Bench.Tokenizers;

/// <summary>Something that turns a document into ids.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Count">Encodes a document and says how many ids it gave; safe to call from several threads.</param>
/// <param name="LoadMilliseconds">How long reading the vocabulary took, warm.</param>
/// <param name="Megabytes">How much managed memory the vocabulary keeps.</param>
internal sealed record Contestant(string Name, Func<string, int> Count, double LoadMilliseconds, double Megabytes);
