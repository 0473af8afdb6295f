using System.Text.Json.Nodes;

namespace DistractedDriver.Optimizers;

/// <summary>One rate up to and including a step, the next one up to the next such step, and so on.</summary>
public sealed class PiecewiseConstantDecay : LearningRateSchedule
{
    private readonly long[] _boundaries;
    private readonly double[] _values;

    /// <param name="boundaries">The last step of each rate but the last, ascending.</param>
    /// <param name="values">The rates, one more than there are boundaries.</param>
    /// <exception cref="ArgumentException">There is another number of rates, or the boundaries do not ascend.</exception>
    public PiecewiseConstantDecay(IReadOnlyList<long> boundaries, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != boundaries.Count + 1 || !boundaries.SequenceEqual(boundaries.Order()))
            throw new ArgumentException(
                $"There is one rate more than there are boundaries, which ascend. Received: boundaries [{string.Join(", ", boundaries)}], "
                    + $"values [{string.Join(", ", values)}].", nameof(values));
        (_boundaries, _values) = ([.. boundaries], [.. values]);
    }

    /// <inheritdoc/>
    protected override JsonObject Arguments => new()
    {
        ["boundaries"] = new JsonArray([.. _boundaries.Select(boundary => (JsonNode)boundary)]),
        ["values"] = new JsonArray([.. _values.Select(value => (JsonNode)value)]),
        ["name"] = ClassName,
    };

    /// <inheritdoc/>
    public override float At(long step) => (float)_values[_boundaries.TakeWhile(boundary => step > boundary).Count()];
}
