using System.Collections;

namespace DistractedDriver.Core;

/// <summary>
/// The shape of a tensor as Keras writes it: a tuple of sizes, where <c>null</c> (printed <c>None</c>) stands for a size
/// that is not fixed, such as the batch. Tuples convert by themselves: <c>Shape input = (224, 224, 3)</c>.
/// </summary>
public sealed class Shape : IReadOnlyList<int?>, IEquatable<Shape>
{
    private readonly int?[] _sizes;

    /// <summary>A shape of the given sizes.</summary>
    /// <param name="sizes">The sizes, outermost first; null where not fixed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Shape(params IEnumerable<int?> sizes)
    {
        _sizes = [.. sizes];
        foreach (var size in _sizes)
            if (size < 1)
                throw new ArgumentOutOfRangeException(nameof(sizes),
                    $"Every size of a shape is at least 1, or null where it is not fixed. Received: {this}.");
    }

    /// <summary>How many axes there are.</summary>
    public int Count => _sizes.Length;

    /// <summary>The size along an axis.</summary>
    /// <param name="axis">Counted from 0.</param>
    public int? this[int axis] => _sizes[axis];

    /// <summary>The last axis's size: the channels of an image, the features of a vector.</summary>
    /// <exception cref="InvalidOperationException">The shape has no axes or its last size is not fixed.</exception>
    public int Channels => Count > 0 && _sizes[^1] is { } size
        ? size
        : throw new InvalidOperationException($"The last axis of shape {this} has no fixed size.");

    /// <summary>
    /// How many elements a tensor of this shape has, counting 1 along an axis whose size is not fixed: those of one sample where that
    /// is the batch.
    /// </summary>
    public long Elements => _sizes.Aggregate(1L, (product, size) => product * (size ?? 1));

    /// <summary>The same shape behind a batch axis.</summary>
    public Shape WithBatch() => new([null, .. _sizes]);

    /// <summary>The same shape without its first axis, the batch.</summary>
    public Shape WithoutBatch() => new(_sizes.Skip(1));

    /// <summary>Whether a tensor of the given sizes fits: as many axes, and equal sizes wherever they are fixed.</summary>
    public bool Accepts(IReadOnlyList<long> sizes) =>
        sizes.Count == Count && _sizes.Zip(sizes).All(pair => pair.First is null || pair.First == pair.Second);

    /// <summary>A shape of one axis.</summary>
    public static implicit operator Shape(int size) => new(size);

    /// <summary>A shape of two axes.</summary>
    public static implicit operator Shape((int, int) sizes) => new(sizes.Item1, sizes.Item2);

    /// <summary>A shape of three axes; for an image height, width, channels.</summary>
    public static implicit operator Shape((int, int, int) sizes) => new(sizes.Item1, sizes.Item2, sizes.Item3);

    /// <summary>A shape of any number of axes.</summary>
    public static implicit operator Shape(int[] sizes) => new(sizes.Select(size => (int?)size));

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _sizes.SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => _sizes.Aggregate(Count, HashCode.Combine);

    /// <summary>As Python prints a tuple: <c>(None, 224, 224, 3)</c>.</summary>
    public override string ToString() =>
        $"({string.Join(", ", _sizes.Select(size => size?.ToString() ?? "None"))}{(Count == 1 ? "," : "")})";

    /// <inheritdoc/>
    public IEnumerator<int?> GetEnumerator() => _sizes.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
