using System.Runtime.CompilerServices;

namespace DistractedDriver.Training;

/// <summary>
/// After which epochs a training measures on its validation data: a number n for every n-th, or a list of epochs, counted from 1:
/// <c>validationFreq: 2</c>, <c>validationFreq: [1, 4]</c>.
/// </summary>
[CollectionBuilder(typeof(ValidationFrequency), nameof(Create))]
public sealed class ValidationFrequency : IEnumerable<int>
{
    private readonly int? _every;
    private readonly int[] _epochs;

    private ValidationFrequency(int? every, int[] epochs) => (_every, _epochs) = (every, epochs);

    /// <summary>Every so many epochs.</summary>
    /// <param name="every">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public static implicit operator ValidationFrequency(int every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1, "validationFreq");
        return new(every, []);
    }

    /// <summary>After these epochs.</summary>
    /// <param name="epochs">Counted from 1.</param>
    public static ValidationFrequency Create(ReadOnlySpan<int> epochs) => new(null, epochs.ToArray());

    /// <summary>Whether it is measured after an epoch.</summary>
    /// <param name="epoch">Counted from 1.</param>
    internal bool Includes(int epoch) => _every is { } every ? epoch % every == 0 : _epochs.Contains(epoch);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => _epochs.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
