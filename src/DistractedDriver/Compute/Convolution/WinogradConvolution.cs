using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace DistractedDriver.Compute.Convolution;

/// <summary>
/// A convolution of a 3 × 3 kernel with stride 1 by Winograd's minimal filtering F(4 × 4, 3 × 3): 36 products for 16 outputs
/// where the direct way takes 144 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015,
/// arXiv:1509.09308). Images are cut into tiles of 6 × 6 that overlap by two; each is transformed, multiplied with the
/// transformed kernel channel by channel (<see cref="TileProducts"/>), and transformed back. Each thread takes whole blocks of
/// tiles. Every number is the sum of the same terms in the same order, whatever the processor's vectors and threads.
/// The loops are compiled as well as can be at once: unoptimized, as .NET begins, a first batch takes seconds.
/// </summary>
internal static unsafe class WinogradConvolution
{
    /// <summary>How many pixels a tile gives in each direction, how many it takes, and how many products that makes.</summary>
    private const int Output = 4, Input = 6, Products = Input * Input;

    // How many tiles are transformed and multiplied at once: few enough to stay in the cache, and enough for each of the
    // kernel's numbers, which are read anew for each block, to be used often. Of 32 to 512 these measured best.
    private const int ManyChannels = 256, SmallBlock = 128, LargeBlock = 256;

    /// <summary>A kernel made ready for <see cref="Convolve"/>.</summary>
    /// <param name="kernel">Filters, 3, 3, channels.</param>
    /// <returns>36 matrices of channels × filters, in the panels of <see cref="TileProducts"/>.</returns>
    public static AlignedMemory Prepare(Tensor kernel)
    {
        var (filters, channels) = ((int)kernel.shape[0], (int)kernel.shape[3]);
        // 3, 3, channels, filters: a vector of filters lies together here and in a panel.
        using var turned = kernel.permute(1, 2, 3, 0);
        using var source = turned.contiguous();
        var transformed = new AlignedMemory((long)Products * channels * filters);
        var (from, step, width) = (source.Address(), (long)channels * filters, TileProducts.Columns(filters));
        Parallel.For(0, channels, channel =>
        {
            for (var filter = 0; filter < filters; filter += width)
                Expand((float*)from + (long)channel * filters + filter,
                    transformed.Address + (long)filter * channels + (long)channel * width, step, width);
        });
        return transformed;
    }

    // G g Gᵀ of the paper for each filter of a channel, in float64, since each number of a kernel is used for all images.
    // Both its nine numbers and its 36 ones lie "step" apart.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Expand(float* kernel, float* transformed, long step, int filters)
    {
        const int side = 3;
        Vector<double>* half = stackalloc Vector<double>[Input * side], whole = stackalloc Vector<double>[2 * Products];
        for (var k = 0; k < filters; k += Vector<float>.Count)
        {
            for (var part = 0; part < 2; part++)
            {
                Vector<double> At(int place)
                {
                    var values = Vector.Load(kernel + place * step + k);
                    return part == 0 ? Vector.WidenLower(values) : Vector.WidenUpper(values);
                }
                for (var j = 0; j < side; j++) Expand(At(j), At(side + j), At(2 * side + j), half + j, side);
                for (var i = 0; i < Input; i++) Expand(half[i * side], half[i * side + 1], half[i * side + 2],
                    whole + 2 * i * Input + part, 2);
            }
            for (var i = 0; i < Products; i++) Vector.Narrow(whole[2 * i], whole[2 * i + 1]).Store(transformed + i * step + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Expand(Vector<double> g0, Vector<double> g1, Vector<double> g2, Vector<double>* to, int step)
    {
        var (outer, wide, middle) = ((g0 + g2) / 6, g0 / 24 + g2 / 6, g1 / 12);
        to[0] = g0 / 4;
        to[step] = -outer - g1 / 6;
        to[2 * step] = g1 / 6 - outer;
        to[3 * step] = wide + middle;
        to[4 * step] = wide - middle;
        to[5 * step] = g2;
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
        var grid = new Grid(height, width, padding);
        var step = pooled ? 2 : 1;
        var result = torch.empty([batch, grid.OutputHeight / step, grid.OutputWidth / step, filters]);
        var tiles = batch * grid.Rows * grid.Columns;
        var block = BlockSize(tiles, Math.Max(channels, filters) < ManyChannels ? SmallBlock : LargeBlock);
        var zeros = torch.zeros([Math.Max(channels, filters)]);
        var (from, to, zero, shift) = (source.Address(), result.Address(), zeros.Address(), (bias ?? zeros).Address());
        ComputeThreads.Run((tiles + block - 1) / block, number =>
            ConvolveBlock((float*)from, (float*)zero, kernel.Address, (float*)shift, (float*)to, grid, number * block,
                Math.Min(block, tiles - number * block), block, channels, filters, relu, pooled));
        return result.MoveToOuterDisposeScope();
    }

    // As many blocks for each thread, of whole rows of TileProducts, and none larger than it should be by much.
    private static int BlockSize(int tiles, int most)
    {
        var threads = torch.get_num_threads();
        var blocks = Ceiling(Ceiling(tiles, most), threads) * threads;
        return TileProducts.WholeRows(Ceiling(tiles, blocks));

        static int Ceiling(int count, int size) => (count + size - 1) / size;
    }

    // A block of tiles on the calling thread. Between the numbers of one product and the next is a gap, since memory a power of
    // two apart shares places in the cache.
    private static void ConvolveBlock(float* images, float* zeros, float* kernel, float* bias, float* result, Grid grid, int first,
        int count, int block, int channels, int filters, bool relu, bool pooled)
    {
        const int gap = 16;
        var (pitch, resultPitch) = (channels + gap, filters + gap);
        var (step, resultStep) = ((long)Products * pitch, (long)Products * resultPitch);
        var transformed = AlignedMemory.OfThread(block * (step + resultStep)).Address;
        var products = transformed + block * step;
        for (var i = 0; i < count; i++) Forward(images, zeros, transformed + i * step, pitch, grid, first + i, channels);
        for (var product = 0; product < Products; product++)
            TileProducts.Multiply(transformed + product * pitch, step, count, kernel + (long)product * filters * channels, channels,
                filters, products + product * resultPitch, resultStep);
        for (var i = 0; i < count; i++) Backward(products + i * resultStep, resultPitch, bias, result, grid, first + i, filters, relu,
            pooled);
    }

    /// <summary>Whether this way takes a convolution: it works on whole vectors of channels and whole panels of filters.</summary>
    public static bool Takes(long channels, int filters) =>
        channels % Vector<float>.Count == 0 && filters % TileProducts.Columns(filters) == 0;

    // B^T d B of the paper for each channel of a tile: first along the columns, then along the rows.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(float* images, float* zeros, float* transformed, int pitch, Grid grid, int tile, int channels)
    {
        var (image, top, left) = grid.Place(tile);
        var pixels = stackalloc float*[Products];
        for (var i = 0; i < Input; i++)
        {
            for (var j = 0; j < Input; j++)
            {
                var (y, x) = (top + i, left + j);
                var inside = (uint)y < (uint)grid.Height && (uint)x < (uint)grid.Width;
                pixels[i * Input + j] = inside ? images + (((long)image * grid.Height + y) * grid.Width + x) * channels : zeros;
            }
        }
        var half = stackalloc Vector<float>[Products];
        for (var c = 0; c < channels; c += Vector<float>.Count)
        {
            for (var j = 0; j < Input; j++)
            {
                Spread(
                    Vector.Load(pixels[j] + c), Vector.Load(pixels[Input + j] + c), Vector.Load(pixels[2 * Input + j] + c),
                    Vector.Load(pixels[3 * Input + j] + c), Vector.Load(pixels[4 * Input + j] + c), Vector.Load(pixels[5 * Input + j] + c),
                    out half[j], out half[Input + j], out half[2 * Input + j], out half[3 * Input + j], out half[4 * Input + j],
                        out half[5 * Input + j]);
            }
            for (var i = 0; i < Products; i += Input)
            {
                Spread(half[i], half[i + 1], half[i + 2], half[i + 3], half[i + 4], half[i + 5], out var a, out var b, out var d,
                    out var e, out var f, out var g);
                var to = transformed + (long)i * pitch + c;
                a.Store(to);
                b.Store(to + pitch);
                d.Store(to + 2 * pitch);
                e.Store(to + 3 * pitch);
                f.Store(to + 4 * pitch);
                g.Store(to + 5 * pitch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(
        Vector<float> d0, Vector<float> d1, Vector<float> d2, Vector<float> d3, Vector<float> d4, Vector<float> d5,
        out Vector<float> t0, out Vector<float> t1, out Vector<float> t2, out Vector<float> t3, out Vector<float> t4, out Vector<float> t5)
    {
        var (four, five, two) = (new Vector<float>(4), new Vector<float>(-5), new Vector<float>(2));
        t0 = Vector.FusedMultiplyAdd(four, d0, Vector.FusedMultiplyAdd(five, d2, d4));
        var (even, odd) = (Vector.FusedMultiplyAdd(-four, d2, d4), Vector.FusedMultiplyAdd(-four, d1, d3));
        t1 = even + odd;
        t2 = even - odd;
        var (low, high) = (d4 - d2, two * (d3 - d1));
        t3 = low + high;
        t4 = low - high;
        t5 = Vector.FusedMultiplyAdd(four, d1, Vector.FusedMultiplyAdd(five, d3, d5));
    }

    // A^T m A of the paper for each filter of a tile, the bias, and ReLU and the pooling where they follow.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(float* products, int pitch, float* bias, float* images, Grid grid, int tile, int filters, bool relu,
        bool pooled)
    {
        var (image, top, left) = grid.Place(tile);
        (top, left) = (top + grid.Padding, left + grid.Padding);
        var (rows, columns) = (Math.Min(Output, grid.OutputHeight - top), Math.Min(Output, grid.OutputWidth - left));
        var step = pooled ? 2 : 1;
        var line = (long)(grid.OutputWidth / step) * filters;
        var corner = images + ((long)image * (grid.OutputHeight / step) + top / step) * line + (long)(left / step) * filters;
        var half = stackalloc Vector<float>[Output * Input];
        // The bound comes first below: where a result is no number, the processor's maximum is its second operand.
        var least = relu ? Vector<float>.Zero : new Vector<float>(float.NegativeInfinity);
        for (var k = 0; k < filters; k += Vector<float>.Count)
        {
            for (var j = 0; j < Input; j++)
            {
                var from = products + (long)j * pitch + k;
                var next = (long)Input * pitch;
                Gather(
                    Vector.Load(from), Vector.Load(from + next), Vector.Load(from + 2 * next), Vector.Load(from + 3 * next),
                        Vector.Load(from + 4 * next), Vector.Load(from + 5 * next),
                    out half[j], out half[Input + j], out half[2 * Input + j], out half[3 * Input + j]);
            }
            var added = Vector.Load(bias + k);
            Vector<float> leftAbove = default, rightAbove = default;
            for (var i = 0; i < rows; i++)
            {
                var row = half + i * Input;
                Gather(row[0], row[1], row[2], row[3], row[4], row[5], out var a, out var b, out var c, out var d);
                (a, b, c, d) = (Vector.MaxNative(least, a + added), Vector.MaxNative(least, b + added), Vector.MaxNative(least, c + added),
                    Vector.MaxNative(least, d + added));
                var to = corner + i / step * line + k;
                if (!pooled)
                {
                    a.Store(to);
                    if (columns > 1) b.Store(to + filters);
                    if (columns > 2) c.Store(to + 2 * filters);
                    if (columns > 3) d.Store(to + 3 * filters);
                    continue;
                }
                var (ofLeft, ofRight) = (Vector.Max(a, b), Vector.Max(c, d));
                if (i % 2 == 0)
                {
                    (leftAbove, rightAbove) = (ofLeft, ofRight);
                    continue;
                }
                if (columns > 1) Vector.Max(leftAbove, ofLeft).Store(to);
                if (columns > 3) Vector.Max(rightAbove, ofRight).Store(to + filters);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(
        Vector<float> m0, Vector<float> m1, Vector<float> m2, Vector<float> m3, Vector<float> m4, Vector<float> m5,
        out Vector<float> y0, out Vector<float> y1, out Vector<float> y2, out Vector<float> y3)
    {
        var (sum, difference) = (m1 + m2, m1 - m2);
        var (wideSum, wideDifference) = (m3 + m4, m3 - m4);
        y0 = m0 + sum + wideSum;
        y1 = Vector.FusedMultiplyAdd(new Vector<float>(2), wideDifference, difference);
        y2 = Vector.FusedMultiplyAdd(new Vector<float>(4), wideSum, sum);
        y3 = Vector.FusedMultiplyAdd(new Vector<float>(8), wideDifference, difference) + m5;
    }

    /// <summary>How an image is cut into tiles.</summary>
    private readonly struct Grid(int height, int width, int padding)
    {
        public readonly int Height = height, Width = width, Padding = padding;
        public readonly int OutputHeight = height + 2 * padding - 2, OutputWidth = width + 2 * padding - 2;
        public readonly int Rows = (height + 2 * padding - 2 + Output - 1) / Output,
            Columns = (width + 2 * padding - 2 + Output - 1) / Output;

        /// <summary>A tile's image, and its first row and column there, which may lie before the image's.</summary>
        public (int Image, int Top, int Left) Place(int tile)
        {
            var (image, within) = Math.DivRem(tile, Rows * Columns);
            var (row, column) = Math.DivRem(within, Columns);
            return (image, row * Output - Padding, column * Output - Padding);
        }
    }
}
