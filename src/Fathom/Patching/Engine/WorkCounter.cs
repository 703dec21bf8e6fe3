namespace Fathom.Patching.Engine;

/// <summary>Counts the rows that patches send through mixers and MLPs, as they pass.</summary>
internal sealed class WorkCounter
{
    public long AttentionRows { get; private set; }

    public long MlpRows { get; private set; }

    /// <summary>Goes on from what an earlier run counted.</summary>
    public void Restore(long attention, long mlp) => (AttentionRows, MlpRows) = (attention, mlp);

    public void Attention(Tensor rows) => AttentionRows += rows.shape[0];

    public void Mlp(Tensor rows) => MlpRows += rows.shape[0];
}
