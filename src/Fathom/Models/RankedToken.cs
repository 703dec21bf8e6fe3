namespace Fathom.Models;

/// <summary>One token as a candidate for the next place.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">Its text.</param>
/// <param name="Rank">How many tokens are more probable; 0 is the top. Of equal ones the lower id ranks first.</param>
/// <param name="Logit">Its logit, in nats.</param>
/// <param name="Probability">Its probability; all tokens sum to one.</param>
public sealed record RankedToken(int Id, string Text, int Rank, double Logit, double Probability);
