using System.Text.Json.Nodes;
using DistractedDriver.Core;
using DistractedDriver.Initializers;
using DistractedDriver.Regularizers;

namespace DistractedDriver.Layers;

/// <summary>A layer's arguments as a file of Keras 2 or 3 gives them.</summary>
public sealed class LayerConfig : ObjectConfig
{
    // What arguments mean that our layers do not have, where they mean nothing.
    private static readonly Dictionary<string, JsonNode> Neutral = new()
    {
        ["data_format"] = "channels_last",
        ["dilation_rate"] = new JsonArray(1, 1),
        ["groups"] = 1,
        ["sparse"] = false,
        ["ragged"] = false,
        ["optional"] = false,
        ["synchronized"] = false,
        ["renorm"] = false,
    };

    // Names for people, and what says how something else would be done that is not done.
    private static readonly HashSet<string> WithoutEffect =
    [
        "trainable", "dtype", "seed", "renorm_momentum", "beta_initializer", "gamma_initializer", "moving_mean_initializer",
            "moving_variance_initializer",
    ];

    internal LayerConfig(string className, JsonObject arguments) : base(className, arguments)
    {
    }

    /// <summary>A height and a width: a list of two numbers, or one number for both.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <exception cref="ArgumentException">The argument is absent.</exception>
    public Size2D Size(string key) => OptionalSize(key) ?? throw Missing(key);

    /// <summary>A height and a width, or null where the argument is absent.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    public Size2D? OptionalSize(string key) => Get(key) switch
    {
        JsonArray { Count: 2 } pair => ((int)pair[0]!, (int)pair[1]!),
        JsonValue side => (int)side,
        _ => null,
    };

    /// <summary>Whole numbers.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <exception cref="ArgumentException">The argument is absent.</exception>
    public int[] Integers(string key) =>
        Get(key) is JsonArray numbers ? [.. numbers.Select(number => (int)number!)] : throw Missing(key);

    /// <summary>Numbers of rows at the top and bottom, and of columns at the left and right: two lists of two numbers.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <exception cref="ArgumentException">The argument is absent.</exception>
    public ((int Before, int After) Rows, (int Before, int After) Columns) Sides(string key)
    {
        if (Get(key) is not JsonArray { Count: 2 } sides) throw Missing(key);
        int[][] numbers = [.. sides.Select(axis => axis!.AsArray().Select(number => (int)number!).ToArray())];
        return ((numbers[0][0], numbers[0][1]), (numbers[1][0], numbers[1][1]));
    }

    /// <summary>The one axis that a layer goes along: a number in Keras 3, a list of one in Keras 2.</summary>
    /// <exception cref="ArgumentException">The argument is absent, or names several axes.</exception>
    public int Axis() =>
        Get("axis") is JsonArray axes ? axes.Count == 1 ? (int)axes[0]! : throw Missing("axis of one number") : (int)Number("axis", -1);

    /// <summary>An initializer, or null where there is none.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <exception cref="ArgumentException">There is no such initializer here.</exception>
    public Initializer? Initializer(string key) => Get(key) switch
    {
        JsonObject made => InitializerRegistry.All.Make((string)made["class_name"]!, made["config"]?.AsObject() ?? []),
        JsonValue identifier => InitializerRegistry.All.Make((string)identifier!),
        _ => null,
    };

    /// <summary>A regularizer, or null where there is none.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <exception cref="ArgumentException">There is no such regularizer here.</exception>
    public Regularizer? Regularizer(string key) => Get(key) switch
    {
        JsonObject made => RegularizerRegistry.All.Make((string)made["class_name"]!, made["config"]!.AsObject()),
        JsonValue identifier => RegularizerRegistry.All.Make((string)identifier!),
        _ => null,
    };

    private protected override bool IsWithoutEffect(string key, JsonNode value) =>
        WithoutEffect.Contains(key) || (Neutral.TryGetValue(key, out var neutral) && JsonNode.DeepEquals(neutral, value));
}
