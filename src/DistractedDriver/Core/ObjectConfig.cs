using System.Text.Json.Nodes;

namespace DistractedDriver.Core;

/// <summary>
/// The arguments of a layer, loss, optimizer and so on, as a file of Keras gives them. What is not read has to be without effect;
/// anything else is refused by name, so that nothing is made that computes something else.
/// </summary>
public class ObjectConfig
{
    private readonly JsonObject _arguments;
    private readonly HashSet<string> _read = ["name"];
    private readonly WithoutEffect? _neutral;

    internal ObjectConfig(string className, JsonObject arguments, WithoutEffect? neutral = null) =>
        (ClassName, _arguments, _neutral) = (className, arguments, neutral);

    /// <summary>The class in Keras: "Dense".</summary>
    public string ClassName { get; }

    /// <summary>The object's name; null where it has none.</summary>
    public string? Name => (string?)_arguments["name"];

    /// <summary>An argument as it stands; null where it is absent.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    public JsonNode? Get(string key)
    {
        _read.Add(key);
        return _arguments[key];
    }

    /// <summary>A whole number.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <param name="absent">What an absent argument means; null where it may not be absent.</param>
    /// <exception cref="ArgumentException">The argument is absent.</exception>
    public int Integer(string key, int? absent = null) => (int)Number(key, absent);

    /// <summary>A number.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <param name="absent">What an absent argument means; null where it may not be absent.</param>
    /// <exception cref="ArgumentException">The argument is absent.</exception>
    public double Number(string key, double? absent = null) => OptionalNumber(key) ?? absent ?? throw Missing(key);

    /// <summary>A number, or null where it is absent or null.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    public double? OptionalNumber(string key) => (double?)Get(key);

    /// <summary>A yes or no.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <param name="absent">What an absent argument means; null where it may not be absent.</param>
    /// <exception cref="ArgumentException">The argument is absent.</exception>
    public bool Flag(string key, bool? absent = null) => (bool?)Get(key) ?? absent ?? throw Missing(key);

    /// <summary>A text.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <exception cref="ArgumentException">The argument is absent.</exception>
    public string Text(string key) => (string?)Get(key) ?? throw Missing(key);

    /// <summary>A text that may be absent.</summary>
    /// <param name="key">Keras's name of the argument.</param>
    /// <param name="absent">What an absent argument means.</param>
    public string TextOr(string key, string absent) => (string?)Get(key) ?? absent;

    /// <summary>The error of an argument that has to be there.</summary>
    protected ArgumentException Missing(string key) => new($"{Described} has no argument {key}");

    /// <exception cref="ArgumentException">There is an argument that was not read and has an effect.</exception>
    internal void RefuseUnread()
    {
        foreach (var (key, value) in _arguments)
        {
            if (value is null || _read.Contains(key) || IsWithoutEffect(key, value)) continue;
            throw new ArgumentException($"{Described} has {key}: {value.ToJsonString()}, which this library's {ClassName} has not");
        }
    }

    /// <summary>Whether an argument that was not read changes nothing.</summary>
    private protected virtual bool IsWithoutEffect(string key, JsonNode value) => _neutral?.Covers(key, value) ?? false;

    private string Described => Name is null ? ClassName : $"{ClassName} '{Name}'";
}
