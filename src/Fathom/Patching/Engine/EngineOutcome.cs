using Fathom.Patching.Planning;

namespace Fathom.Patching.Engine;

/// <summary>What the engine did.</summary>
/// <param name="Plan">What it had planned.</param>
/// <param name="Work">The rows counted.</param>
/// <param name="BaseRows">Rows that unpatched runs sent through each block.</param>
/// <param name="Noise">The noise floor by sweep and metric.</param>
internal sealed record EngineOutcome(JobPlan Plan, WorkCounter Work, long BaseRows, double[][] Noise);
