namespace DistractedDriver.Imaging;

/// <summary>
/// How pixels are found when an image is scaled, under Keras's names and to Pillow's last bit: a window that widens as the image
/// shrinks, weights in 22-bit fixed point, first along rows and then along columns, rounded to bytes in between (Pillow,
/// Resample.c).
/// </summary>
internal sealed class Interpolation
{
    private const int FractionBits = 32 - 8 - 2;

    private static readonly Interpolation[] All =
    [
        new("nearest", 0, _ => 0),
        new("box", 0.5, x => x is > -0.5 and <= 0.5 ? 1 : 0),
        new("bilinear", 1, x => Math.Max(0, 1 - Math.Abs(x))),
        new("hamming", 1, x => Math.Abs(x) >= 1 ? 0 : Sinc(x) * (0.54 + 0.46 * Math.Cos(Math.PI * x))),
        new("bicubic", 2, x => Cubic(Math.Abs(x))),
        new("lanczos", 3, x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0),
    ];

    private readonly double _support;
    private readonly Func<double, double> _filter;

    private Interpolation(string name, double support, Func<double, double> filter) => (Name, _support, _filter) = (name, support, filter);

    /// <summary>Keras's name.</summary>
    public string Name { get; }

    /// <summary>Whether a target pixel comes of several source pixels, and not of one taken as it is.</summary>
    public bool Mixes => _support > 0;

    /// <exception cref="ArgumentException">There is no such interpolation.</exception>
    public static Interpolation Get(string name) => All.FirstOrDefault(known => known.Name == name)
        ?? throw new ArgumentException(
            $"The interpolations are {string.Join(", ", All.Select(known => $"\"{known.Name}\""))}. Received: \"{name}\".", nameof(name));

    /// <summary>
    /// Which of so many rows or columns are taken where pixels are not mixed: those in which the target pixels' centres lie.
    /// </summary>
    public static int[] Places(int size, int target)
    {
        // Added up step by step, as in Pillow (ImagingScaleAffine, Geometry.c): where a centre lies between two pixels, 160 scaled to 244
        // for example, what was rounded on the way decides.
        var (places, step) = (new int[target], (double)size / target);
        var centre = step * 0.5;
        for (var i = 0; i < target; i++, centre += step) places[i] = (int)centre;
        return places;
    }

    /// <summary>Scales an image of interleaved bytes by mixing pixels.</summary>
    /// <param name="pixels">Height × width × channels, rows without gaps.</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="target">The height and width wanted.</param>
    /// <param name="channels">How many bytes a pixel has.</param>
    /// <returns>The scaled image.</returns>
    public byte[] Scale(ReadOnlySpan<byte> pixels, (int Height, int Width) size, (int Height, int Width) target, int channels)
    {
        if (size == target) return pixels.ToArray();
        if (size.Width != target.Width) pixels = Along(pixels, size.Height, size.Width, target.Width, channels);
        // A column is a row of rows: each of them counts as one value after another.
        return size.Height == target.Height ? pixels.ToArray() : Along(pixels, 1, size.Height, target.Height, target.Width * channels);
    }

    /// <summary>Scales 16-bit grey by mixing pixels, without fixed point, as Pillow does.</summary>
    /// <param name="pixels">Height × width, rows without gaps.</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="target">The height and width wanted.</param>
    /// <returns>The scaled image.</returns>
    public ushort[] Scale(ushort[] pixels, (int Height, int Width) size, (int Height, int Width) target)
    {
        if (size.Width != target.Width) pixels = Along(pixels, size.Height, size.Width, target.Width, 1);
        return size.Height == target.Height ? pixels : Along(pixels, 1, size.Height, target.Height, target.Width);
    }

    private ushort[] Along(ushort[] pixels, int lines, int size, int target, int together)
    {
        var windows = Windows(size, target);
        var scaled = new ushort[lines * target * together];
        for (var line = 0; line < lines; line++)
        {
            for (var place = 0; place < target; place++)
            {
                var (first, weights) = windows[place];
                for (var v = 0; v < together; v++)
                {
                    var sum = 0.0;
                    for (var i = 0; i < weights.Length; i++) sum += pixels[(line * size + first + i) * together + v] * weights[i];
                    scaled[(line * target + place) * together + v] = (ushort)Math.Clamp(Math.Round(sum, MidpointRounding.AwayFromZero), 0,
                        ushort.MaxValue);
                }
            }
        }
        return scaled;
    }

    // Scales the middle one of three axes: lines × size × (values that belong together).
    private byte[] Along(ReadOnlySpan<byte> pixels, int lines, int size, int target, int together)
    {
        var windows = Array.ConvertAll(Windows(size, target), window => (window.First, Weights: Array.ConvertAll(window.Weights, Fixed)));
        var scaled = new byte[lines * target * together];
        var sums = new int[together];
        for (var line = 0; line < lines; line++)
        {
            for (var place = 0; place < target; place++)
            {
                var (first, weights) = windows[place];
                Array.Fill(sums, 1 << (FractionBits - 1));
                for (var i = 0; i < weights.Length; i++)
                {
                    var weight = weights[i];
                    var values = pixels.Slice((line * size + first + i) * together, together);
                    for (var v = 0; v < together; v++) sums[v] += values[v] * weight;
                }
                var result = scaled.AsSpan((line * target + place) * together, together);
                for (var v = 0; v < together; v++) result[v] = (byte)Math.Clamp(sums[v] >> FractionBits, 0, 255);
            }
        }
        return scaled;
    }

    // For each target place the first source place it looks at, and the weights from there on.
    private (int First, double[] Weights)[] Windows(int size, int target)
    {
        var scale = (double)size / target;
        var stretch = Math.Max(scale, 1);
        var support = _support * stretch;
        var windows = new (int, double[])[target];
        for (var place = 0; place < target; place++)
        {
            var centre = (place + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - support + 0.5));
            var weights = new double[Math.Min(size, (int)(centre + support + 0.5)) - first];
            for (var i = 0; i < weights.Length; i++) weights[i] = _filter((i + first - centre + 0.5) * (1 / stretch));
            var sum = 0.0;
            foreach (var weight in weights) sum += weight;
            windows[place] = (first, Array.ConvertAll(weights, weight => sum != 0 ? weight / sum : weight));
        }
        return windows;
    }

    private static int Fixed(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    // Keys' cubic with a = −0.5.
    private static double Cubic(double x)
    {
        const double a = -0.5;
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
