using System.Text.Json.Nodes;

namespace DistractedDriver;

/// <summary>
/// A layer's arguments as a file of Keras 2 or 3 gives them. What a layer does not ask for has to be without effect; anything
/// else is refused by name, so that no model is built that computes something else.
/// </summary>
internal sealed class LayerConfig
{
    private static readonly Dictionary<string, Func<LayerConfig, Layer>> Makers = new()
    {
        [nameof(InputLayer)] = DistractedDriver.InputLayer.FromConfig,
        [nameof(Activation)] = Activation.FromConfig,
        [nameof(Add)] = Add.FromConfig,
        [nameof(AveragePooling2D)] = AveragePooling2D.FromConfig,
        [nameof(BatchNormalization)] = BatchNormalization.FromConfig,
        [nameof(Concatenate)] = Concatenate.FromConfig,
        [nameof(Conv2D)] = Conv2D.FromConfig,
        [nameof(Dense)] = Dense.FromConfig,
        [nameof(DepthwiseConv2D)] = DepthwiseConv2D.FromConfig,
        [nameof(Dropout)] = Dropout.FromConfig,
        [nameof(Flatten)] = Flatten.FromConfig,
        [nameof(GlobalAveragePooling2D)] = GlobalAveragePooling2D.FromConfig,
        [nameof(GlobalMaxPooling2D)] = GlobalMaxPooling2D.FromConfig,
        [nameof(MaxPooling2D)] = MaxPooling2D.FromConfig,
        [nameof(ReLU)] = ReLU.FromConfig,
        [nameof(Rescaling)] = Rescaling.FromConfig,
        [nameof(SeparableConv2D)] = SeparableConv2D.FromConfig,
        [nameof(ZeroPadding2D)] = ZeroPadding2D.FromConfig,
    };

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
        "trainable", "dtype", "seed", "renorm_momentum", "beta_initializer", "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer",
    ];

    private readonly JsonObject _config;
    private readonly HashSet<string> _asked = ["name"];

    private LayerConfig(JsonObject config) => _config = config;

    /// <summary>The layer's name.</summary>
    public string Name => (string)_config["name"]!;

    /// <summary>Makes a layer from its class and arguments; it has no weights yet.</summary>
    /// <exception cref="ArgumentException">There is no such layer here, or it has not that argument; the message names it.</exception>
    public static Layer Make(string className, JsonObject arguments)
    {
        if (!Makers.TryGetValue(className, out var make))
            throw new ArgumentException($"there is no layer {className} in this library; it has {string.Join(", ", Makers.Keys.Order())}");
        var config = new LayerConfig(arguments);
        var layer = make(config);
        config.RefuseOthers(className);
        // Keras 2 writes a name, Keras 3 and mixed policies an object that has one.
        if (arguments["dtype"] is { } dtype) layer.Policy = Policy.Get((string)(dtype is JsonObject policy ? policy["config"]!["name"] : dtype)!);
        layer.Trainable = (bool?)arguments["trainable"] ?? true;
        return layer;
    }

    /// <summary>An argument as it stands; null where it is absent.</summary>
    public JsonNode? Get(string key)
    {
        _asked.Add(key);
        return _config[key];
    }

    public int Integer(string key) => (int)Number(key);

    public double Number(string key) => OptionalNumber(key) ?? throw Missing(key);

    public double? OptionalNumber(string key) => (double?)Get(key);

    public bool Flag(string key) => (bool?)Get(key) ?? throw Missing(key);

    public string Text(string key) => (string?)Get(key) ?? throw Missing(key);

    public Size2D Size(string key) => Get(key) switch
    {
        JsonArray { Count: 2 } pair => ((int)pair[0]!, (int)pair[1]!),
        JsonValue side => (int)side,
        _ => throw Missing(key),
    };

    /// <summary>The one axis that a layer goes along: a number in Keras 3, a list of one in Keras 2.</summary>
    public int Axis() => Get("axis") is JsonArray axes ? axes.Count == 1 ? (int)axes[0]! : throw Missing("axis of one number") : (int)Number("axis");

    public Initializer Initializer(string key) => DistractedDriver.Initializer.FromConfig((string)Get(key)!["class_name"]!, Get(key)!["config"]!.AsObject());

    public Regularizer? Regularizer(string key) =>
        Get(key) is { } node ? DistractedDriver.Regularizer.FromConfig((string)node["class_name"]!, node["config"]!.AsObject()) : null;

    private ArgumentException Missing(string key) => new($"layer '{Name}' has no argument {key}");

    private void RefuseOthers(string className)
    {
        foreach (var (key, value) in _config)
        {
            if (value is null || _asked.Contains(key) || WithoutEffect.Contains(key)) continue;
            if (Neutral.TryGetValue(key, out var neutral) && JsonNode.DeepEquals(neutral, value)) continue;
            throw new ArgumentException($"{className} '{Name}' has {key}: {value.ToJsonString()}, which this library's {className} has not");
        }
    }
}
