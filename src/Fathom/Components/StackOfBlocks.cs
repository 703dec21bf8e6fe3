using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>One of the two stacks of an encoder-decoder: what is added to the word vectors, the blocks, and the norm after them.</summary>
public sealed class StackOfBlocks : Component
{
    /// <summary>Declares a stack.</summary>
    /// <param name="scope">The model's root.</param>
    /// <param name="name">Its name, <c>encoder</c> or <c>decoder</c>, with which its parts begin.</param>
    /// <param name="infix">What its embedding points have in their names: nothing in the encoder, <c>decoder_</c> in the decoder.</param>
    /// <param name="config">What it is made of.</param>
    /// <param name="contextLength">The number of positions of a learned table.</param>
    internal StackOfBlocks(PartScope scope, string name, string infix, StackConfig config, int contextLength)
        : base(scope.Child(name))
    {
        HookEmbed = scope.Point($"hook_{infix}embed", "batch pos d_model");
        if (config.Positions is { } positions)
        {
            PosEmbed = new(scope.Child($"{name}_pos_embed"), positions, contextLength);
            HookPosEmbed = scope.Point($"hook_{infix}pos_embed", "batch pos d_model");
        }

        EmbedLn = config.EmbedNorm is { } embedNorm ? new(scope.Child($"{name}_embed_ln"), embedNorm) : null;
        Blocks = [.. config.Blocks.Select((block, i) => new TransformerBlock(scope.Child($"{name}.{i}", i), block))];
        FinalLn = config.FinalNorm is { } finalNorm ? new(scope.Child($"{name}_final_ln"), finalNorm) : null;
    }

    /// <summary>Position vectors, where they are added to the word vectors.</summary>
    public PosEmbed? PosEmbed { get; }

    /// <summary>The norm on the sum of word and position vectors, where there is one.</summary>
    public Norm? EmbedLn { get; }

    /// <summary>The blocks, first to last.</summary>
    public IReadOnlyList<TransformerBlock> Blocks { get; }

    /// <summary>The norm after the last block, where there is one.</summary>
    public Norm? FinalLn { get; }

    /// <summary>The word vectors of the stack's tokens.</summary>
    public HookPoint HookEmbed { get; }

    /// <summary>The position vectors, where there are any.</summary>
    public HookPoint? HookPosEmbed { get; }

    /// <summary>Runs the stack.</summary>
    /// <param name="words">Word vectors, <c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <param name="asLeaves">Whether the embeddings are leaves that gradients flow to.</param>
    /// <returns>What the stack leaves, normed where it has a final norm, <c>[rows, d_model]</c>.</returns>
    internal Tensor Forward(Tensor words, Pass pass, bool asLeaves)
    {
        Tensor Leaf(Tensor x) => asLeaves ? x.detach().requires_grad_().clone() : x;
        var resid = pass.Apply(HookEmbed, Leaf(words));
        resid = PosEmbed is null ? resid : resid.Plus(pass.Apply(HookPosEmbed!, Leaf(PosEmbed.Forward(pass, resid.dtype))));
        resid = EmbedLn?.Forward(resid, pass) ?? resid;
        foreach (var block in Blocks)
        {
            using var scope = torch.NewDisposeScope();
            resid = block.Forward(resid, pass).MoveToOuterDisposeScope();
        }

        return FinalLn?.Forward(resid, pass) ?? resid;
    }
}
