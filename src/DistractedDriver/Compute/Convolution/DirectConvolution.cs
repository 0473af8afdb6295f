using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Compute.Convolution;

/// <summary>
/// A convolution of a 3 × 3 kernel with stride 1 as it is defined, for processors with vectors of 512 bits: a tile of fourteen
/// pixels of a row with 32 filters at once, whose 28 sums stay in registers from the bias to ReLU. What lies beyond the image
/// is not multiplied. Each thread takes whole bands of an image's rows; while it computes one it has the processor fetch what
/// the next one reads. Every number is the sum of the same terms in the same order, whatever the number of threads.
/// </summary>
internal static unsafe class DirectConvolution
{
    private const int Side = 3, Pixels = 14, Filters = 32, Lanes = Filters / 2;

    // How many rows a thread computes for one panel of filters after the other: few enough for what they read to stay in the
    // cache. Of 2 to 14, on VGG16's layers, 4 to 8 measured best.
    private const int Band = 6;

    // How many bytes of the next rows are fetched with each of the channels: more than 14 pixels by nine.
    private const int Fetched = 8;

    /// <summary>Whether this way takes a convolution: it works on whole tiles.</summary>
    /// <param name="width">The results' columns.</param>
    /// <param name="filters">How many filters.</param>
    public static bool Takes(long width, int filters) => Avx512F.IsSupported && width >= Pixels && filters % Filters == 0;

    /// <summary>A kernel made ready for <see cref="Convolve"/>.</summary>
    /// <param name="kernel">Filters, 3, 3, channels.</param>
    /// <returns>For each 32 filters a panel: 3, 3, channels, filters.</returns>
    public static AlignedMemory Prepare(Tensor kernel)
    {
        using var scope = torch.NewDisposeScope();
        var (filters, channels) = (kernel.shape[0], kernel.shape[3]);
        var panels = kernel.reshape(filters / Filters, Filters, Side * Side * channels).transpose(1, 2).contiguous();
        var prepared = new AlignedMemory(panels.numel());
        Buffer.MemoryCopy((void*)panels.Address(), prepared.Address, prepared.Count * sizeof(float), panels.numel() * sizeof(float));
        return prepared;
    }

    /// <summary>Convolves images.</summary>
    /// <param name="images">Batch, height, width, channels, float32, in the processor's memory.</param>
    /// <param name="kernel">What <see cref="Prepare"/> made.</param>
    /// <param name="filters">How many filters it has.</param>
    /// <param name="bias">One a filter, or null.</param>
    /// <param name="padding">How many zeros lie around an image: 1 for "same", 0 for "valid".</param>
    /// <param name="relu">Whether what is below zero becomes zero.</param>
    /// <param name="pooled">Whether the largest of each 2 × 2 results is given in their place.</param>
    /// <returns>Batch, height, width, filters.</returns>
    public static Tensor Convolve(Tensor images, AlignedMemory kernel, int filters, Tensor? bias, int padding, bool relu, bool pooled)
    {
        using var scope = torch.NewDisposeScope();
        var source = images.contiguous();
        var (batch, height, width, channels) = ((int)source.shape[0], (int)source.shape[1], (int)source.shape[2], (int)source.shape[3]);
        var step = pooled ? 2 : 1;
        var (rows, columns) = ((height + 2 * padding - Side + 1) / step * step, (width + 2 * padding - Side + 1) / step * step);
        var result = torch.empty([batch, rows / step, columns / step, filters]);
        var zeros = torch.zeros([filters]);
        var work = new Work((float*)source.Address(), kernel.Address, (float*)(bias ?? zeros).Address(), (float*)result.Address(), height,
            width, channels, filters, rows, columns, padding, relu, step);
        // Each image is cut into so few parts that all threads have as many of them.
        var threads = torch.get_num_threads();
        var part = (rows + threads - 1) / threads * (int)BigInteger.GreatestCommonDivisor(batch, threads);
        part = (part + step - 1) / step * step;
        var parts = (rows + part - 1) / part;
        // Either an image's rows or the kernel's numbers are read again and again: the smaller lot of the two.
        var band = kernel.Count > (long)part * width * channels ? part : Band;
        ComputeThreads.Run(batch * parts, number =>
        {
            var (image, first) = (number / parts, number % parts * part);
            var end = Math.Min(rows, first + part);
            for (var row = first; row < end; row += band) ConvolveBand(work, image, row, Math.Min(end, row + band));
        });
        return result.MoveToOuterDisposeScope();
    }

    private static void ConvolveBand(in Work work, int image, int first, int end)
    {
        var tiles = AlignedMemory.OfThread(2 * Pixels * Filters).Address;
        for (var filter = 0; filter < work.Filters; filter += Filters)
        {
            for (var row = first; row < end; row += work.Step)
            {
                for (var column = 0; column < work.Columns; column += Pixels)
                {
                    // The last tile of a row begins early enough to be whole.
                    var left = Math.Min(column, work.Columns - Pixels);
                    var to = work.Result(image, row, left, filter);
                    if (work.Step == 1)
                    {
                        ConvolveTile(work, image, row, left, filter, to, work.Filters);
                        continue;
                    }
                    ConvolveTile(work, image, row, left, filter, tiles, Filters);
                    ConvolveTile(work, image, row + 1, left, filter, tiles + Pixels * Filters, Filters);
                    Pool(tiles, to, work.Filters);
                }
            }
        }
    }

    // The kernel's three columns are three runs of the same channels as long as each pixel has all its neighbours, and then
    // lie one after the other in the image as they do in the panel.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvolveTile(in Work work, int image, int row, int column, int filter, float* to, long step)
    {
        Vector512<float> a = Vector512.Load(work.Bias + filter), b = Vector512.Load(work.Bias + filter + Lanes);
        Vector512<float> a0 = a, b0 = b, a1 = a, b1 = b, a2 = a, b2 = b, a3 = a, b3 = b, a4 = a, b4 = b;
        Vector512<float> a5 = a, b5 = b, a6 = a, b6 = b, a7 = a, b7 = b, a8 = a, b8 = b, a9 = a, b9 = b;
        Vector512<float> a10 = a, b10 = b, a11 = a, b11 = b, a12 = a, b12 = b, a13 = a, b13 = b;
        var (top, left, pixel, line) = (row - work.Padding, column - work.Padding, work.Channels * (long)sizeof(float),
            work.Width * work.Channels * (long)sizeof(float));
        var (beyondLeft, beyondRight) = (left < 0, left + Pixels + Side - 1 > work.Width);
        var corner = (byte*)work.Images + (image * (long)work.Height + top) * line + left * pixel;
        var panel = work.Kernel + (long)filter * Side * Side * work.Channels;
        // What is fetched ahead: where the results go, and, with the first panel, the pixels that the next rows read besides these.
        for (var i = 0; i < Pixels; i++)
        {
            Sse.Prefetch1(to + i * step);
            Sse.Prefetch1(to + i * step + Lanes);
        }
        var next = top + Side - 1 + work.Step;
        var ahead = filter == 0 && next < work.Height ? corner + (next - top) * line : (byte*)to;
        var aheadStep = ahead == to ? 0 : Fetched;
        for (var i = Math.Max(0, -top); i < Math.Min(Side, work.Height - top); i++)
        {
            for (int j = 0, count; j < Side; j += count)
            {
                var (hasFirst, hasLast) = (!beyondLeft || j > 0, !beyondRight || j < Side - 1);
                count = !hasFirst || !hasLast ? 1 : beyondRight ? Side - 1 - j : Side - j;
                byte* p0 = corner + i * line + j * pixel, p3 = p0 + 3 * pixel, p6 = p3 + 3 * pixel, p9 = p6 + 3 * pixel,
                    p12 = p9 + 3 * pixel;
                var weights = panel + (i * Side + j) * (long)work.Channels * Filters;
                for (var end = weights + count * (long)work.Channels * Filters; weights < end; weights += Filters)
                {
                    Sse.Prefetch1(ahead);
                    ahead += aheadStep;
                    (a, b) = (Vector512.Load(weights), Vector512.Load(weights + Lanes));
                    if (hasFirst) Add(*(float*)p0, a, b, ref a0, ref b0);
                    Add(*(float*)(p0 + pixel), a, b, ref a1, ref b1);
                    Add(*(float*)(p0 + 2 * pixel), a, b, ref a2, ref b2);
                    Add(*(float*)p3, a, b, ref a3, ref b3);
                    Add(*(float*)(p3 + pixel), a, b, ref a4, ref b4);
                    Add(*(float*)(p3 + 2 * pixel), a, b, ref a5, ref b5);
                    Add(*(float*)p6, a, b, ref a6, ref b6);
                    Add(*(float*)(p6 + pixel), a, b, ref a7, ref b7);
                    Add(*(float*)(p6 + 2 * pixel), a, b, ref a8, ref b8);
                    Add(*(float*)p9, a, b, ref a9, ref b9);
                    Add(*(float*)(p9 + pixel), a, b, ref a10, ref b10);
                    Add(*(float*)(p9 + 2 * pixel), a, b, ref a11, ref b11);
                    Add(*(float*)p12, a, b, ref a12, ref b12);
                    if (hasLast) Add(*(float*)(p12 + pixel), a, b, ref a13, ref b13);
                    p0 += sizeof(float);
                    p3 += sizeof(float);
                    p6 += sizeof(float);
                    p9 += sizeof(float);
                    p12 += sizeof(float);
                }
            }
        }
        var least = Vector512.Create(work.Relu ? 0 : float.NegativeInfinity);
        Store(a0, b0, least, to);
        Store(a1, b1, least, to + step);
        Store(a2, b2, least, to + 2 * step);
        Store(a3, b3, least, to + 3 * step);
        Store(a4, b4, least, to + 4 * step);
        Store(a5, b5, least, to + 5 * step);
        Store(a6, b6, least, to + 6 * step);
        Store(a7, b7, least, to + 7 * step);
        Store(a8, b8, least, to + 8 * step);
        Store(a9, b9, least, to + 9 * step);
        Store(a10, b10, least, to + 10 * step);
        Store(a11, b11, least, to + 11 * step);
        Store(a12, b12, least, to + 12 * step);
        Store(a13, b13, least, to + 13 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float factor, Vector512<float> a, Vector512<float> b, ref Vector512<float> sumA, ref Vector512<float> sumB)
    {
        var all = Vector512.Create(factor);
        sumA = Vector512.FusedMultiplyAdd(all, a, sumA);
        sumB = Vector512.FusedMultiplyAdd(all, b, sumB);
    }

    // The bound comes first: where a result is no number, the processor's maximum is its second operand.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> least, float* to)
    {
        Vector512.MaxNative(least, a).Store(to);
        Vector512.MaxNative(least, b).Store(to + Lanes);
    }

    // The largest of each two pixels of two tiles, one below the other.
    private static void Pool(float* tiles, float* to, long step)
    {
        for (var pixel = 0; pixel < Pixels; pixel += 2, to += step)
        {
            for (var filter = 0; filter < Filters; filter += Lanes)
            {
                float* above = tiles + pixel * Filters + filter, below = above + Pixels * Filters;
                Vector512.Max(
                    Vector512.Max(Vector512.Load(above), Vector512.Load(above + Filters)),
                    Vector512.Max(Vector512.Load(below), Vector512.Load(below + Filters))).Store(to + filter);
            }
        }
    }

    /// <summary>What the threads share.</summary>
    private readonly struct Work(float* images, float* kernel, float* bias, float* result, int height, int width, int channels,
        int filters, int rows, int columns, int padding, bool relu, int step)
    {
        public readonly float* Images = images, Kernel = kernel, Bias = bias;
        public readonly int Height = height, Width = width, Channels = channels, Filters = filters, Columns = columns, Padding = padding;
        public readonly bool Relu = relu;

        /// <summary>How many rows, and columns, become one.</summary>
        public readonly int Step = step;

        /// <summary>Where a result goes, or the largest of those from this one on.</summary>
        public float* Result(int image, int row, int column, int filter) =>
            result + (((long)image * (rows / Step) + row / Step) * (Columns / Step) + column / Step) * Filters + filter;
    }
}
