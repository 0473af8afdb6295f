using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DistractedDriver.Compute.Convolution;

/// <summary>How a convolution is computed.</summary>
internal enum ConvolutionMethod
{
    Direct,
    Winograd,
}

/// <summary>The method that layers take which are made from now on.</summary>
internal static class ConvolutionMethods
{
    private const string Variable = "DISTRACTED_DRIVER_CONVOLUTION";
    private static ConvolutionMethod? _chosen;

    /// <summary>
    /// What was chosen, by the host or by the environment variable; by default Winograd's way where the processor multiplies and adds
    /// at once.
    /// </summary>
    /// <exception cref="ArgumentException">The environment variable names no method.</exception>
    public static ConvolutionMethod Current
    {
        get => _chosen ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? Parse(set, Variable)
            : Fma.IsSupported || AdvSimd.IsSupported ? ConvolutionMethod.Winograd : ConvolutionMethod.Direct;
        set => _chosen = value;
    }

    /// <summary>The method of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ConvolutionMethod Parse(string method, string argument) => method switch
    {
        "direct" => ConvolutionMethod.Direct,
        "winograd" => ConvolutionMethod.Winograd,
        _ => throw new ArgumentException($"{argument} is \"winograd\" or \"direct\". Received: \"{method}\".", argument),
    };
}
