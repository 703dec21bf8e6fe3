namespace Fathom.Tensors;

/// <summary>What a notebook asks of a tensor, as plain values.</summary>
public static class TensorVerbs
{
    extension(Tensor tensor)
    {
        /// <summary>The shape as text, e.g. <c>[1, 9, 128]</c>.</summary>
        public string Shape() => $"[{string.Join(", ", tensor.shape)}]";

        /// <summary>The sum of all elements.</summary>
        public double Sum()
        {
            using var scope = torch.NewDisposeScope();
            return tensor.detach().to(torch.float64).sum().item<double>();
        }

        /// <summary>The index of the largest element at the last position of the first row: the next token, when called on logits <c>[batch, pos, d_vocab]</c>.</summary>
        /// <remarks>Ties go to the lowest index.</remarks>
        public int ArgMaxLast()
        {
            using var scope = torch.NewDisposeScope();
            var last = tensor.detach().reshape(-1, tensor.shape[^2], tensor.shape[^1])[0, -1];
            return (int)last.argmax().item<long>();
        }

        /// <summary>The elements in row-major order, as 32-bit floats.</summary>
        public float[] ToFloats()
        {
            using var scope = torch.NewDisposeScope();
            return tensor.detach().to(torch.float32).cpu().contiguous().data<float>().ToArray();
        }

        /// <summary>The elements in row-major order, as 64-bit integers.</summary>
        public long[] ToIds()
        {
            using var scope = torch.NewDisposeScope();
            return tensor.detach().to(torch.int64).cpu().contiguous().data<long>().ToArray();
        }
    }
}
