using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Core;

/// <summary>The library's one source of random weights and dropout masks.</summary>
internal static class RandomSource
{
    private static readonly Lock Gate = new();
    private static readonly torch.Generator Shared = new((ulong)Random.Shared.NextInt64());

    public static void SetSeed(int seed)
    {
        lock (Gate) Shared.manual_seed(seed);
    }

    /// <summary>A seed for a source of its own.</summary>
    public static int Seed()
    {
        lock (Gate)
        {
            using var drawn = torch.randint(int.MaxValue, 1, generator: Shared);
            return (int)drawn.item<long>();
        }
    }

    /// <summary>Values drawn evenly between two bounds; the caller owns them.</summary>
    public static Tensor Uniform(long count, float low, float high, int seed)
    {
        using var source = new torch.Generator((ulong)seed);
        return torch.rand(count, generator: source).mul_(high - low).add_(low);
    }

    /// <summary>Normal values around 0; the caller owns them.</summary>
    public static Tensor Normal(long count, float deviation, int seed)
    {
        using var source = new torch.Generator((ulong)seed);
        return torch.randn(count, generator: source).mul_(deviation);
    }

    /// <summary>Normal values around 0, those beyond two standard deviations drawn anew; the caller owns them.</summary>
    public static Tensor TruncatedNormal(long count, float deviation, int seed)
    {
        using var source = new torch.Generator((ulong)seed);
        var values = new List<float>((int)count);
        while (values.Count < count)
        {
            using var drawn = torch.randn(count - values.Count, generator: source);
            values.AddRange(drawn.data<float>().Where(value => Math.Abs(value) <= 2).Select(value => value * deviation));
        }
        return torch.tensor(values.ToArray());
    }

    /// <summary>Ones with the given probability, zeros otherwise, of a tensor's shape; the caller owns it.</summary>
    public static Tensor Bernoulli(Tensor like, double probability)
    {
        lock (Gate)
        {
            using var drawn = torch.rand(like.shape, generator: Shared);
            using var kept = drawn.lt(probability);
            return kept.to_type(torch.ScalarType.Float32).to(like.device);
        }
    }
}
