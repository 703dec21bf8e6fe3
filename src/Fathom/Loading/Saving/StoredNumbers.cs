using Fathom.Components;
using Fathom.Tensors;

namespace Fathom.Loading.Saving;

/// <summary>The numbers of a weight as a file holds them.</summary>
internal static class StoredNumbers
{
    /// <summary>The numbers without the constant that the norm adds to what is stored.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="offset">The constant; 0 for none.</param>
    public static Tensor Of(Weight weight, double offset)
    {
        if (offset == 0)
        {
            return weight.Value;
        }

        var (value, without) = (weight.Value, weight.Value.Plus(-offset));
        if (weight.BeforeOffset is not { } before)
        {
            return without;
        }

        // Where the sum is still that of loading, the file's own number has bits that the sum has lost.
        var own = before.to(value.dtype, value.device);
        return torch.where(own.Plus(offset).eq(value), own, without);
    }

    /// <summary>The numbers in another type.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="type">The type.</param>
    /// <param name="name">The tensor's name, for messages.</param>
    /// <exception cref="UnsavableModelException">A finite number is too large for the type.</exception>
    public static Tensor As(Tensor numbers, torch.ScalarType type, string name)
    {
        if (numbers.dtype == type)
        {
            return numbers;
        }

        var converted = numbers.to(type);
        if (converted.isinf().sum().item<long>() is var after && after > 0 && after != numbers.isinf().sum().item<long>())
        {
            throw new UnsavableModelException($"'{name}' holds numbers up to {numbers.abs().max().to(torch.float64).item<double>():G4}, which are infinite in {type}. Save as BFloat16 or Float32, whose range is wider.", [name]);
        }

        return converted;
    }
}
