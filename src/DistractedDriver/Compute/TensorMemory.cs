using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Compute;

/// <summary>Tensors' values as our own loops read and write them.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Where a contiguous tensor in the processor's memory has its first value; good as long as the tensor lives.</summary>
    public static nint Address(this Tensor tensor)
    {
        // By one value alone: a span over all of them can't be larger than 2 GiB.
        using var all = tensor.view(-1);
        using var first = all.narrow(0, 0, 1);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
