using System.Text.Json.Nodes;

namespace DistractedDriver.Core;

/// <summary>
/// What can be asked for by name: "adam", "binary_crossentropy". Names are looked up without regard to case and underscores, so
/// that Keras's identifiers and its class names are one.
/// </summary>
/// <param name="kind">What the things are, in the plural, for messages: "optimizers".</param>
/// <param name="neutral">What files give that changes nothing.</param>
/// <typeparam name="T">What is made.</typeparam>
internal sealed class Registry<T>(string kind, WithoutEffect? neutral = null)
    where T : class
{
    private readonly List<Entry> _entries = [];

    /// <summary>The identifiers, in the order in which they were added, without aliases.</summary>
    public IEnumerable<string> Identifiers => _entries.Select(entry => entry.Names[0]);

    /// <summary>Adds a thing.</summary>
    /// <param name="identifier">Keras's identifier.</param>
    /// <param name="make">Makes it from its arguments as Keras writes them; without any, with Keras's defaults.</param>
    /// <param name="aliases">Keras's other identifiers for it.</param>
    /// <returns>The registry itself.</returns>
    public Registry<T> Add(string identifier, Func<ObjectConfig, T> make, params string[] aliases)
    {
        _entries.Add(new([identifier, .. aliases], make));
        return this;
    }

    /// <summary>Makes the thing of that name, with Keras's defaults.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public T Make(string identifier) => Make(identifier, []);

    /// <summary>Makes the thing of that name from its arguments as Keras writes them.</summary>
    /// <exception cref="ArgumentException">There is none, or it has not one of these arguments; the message names it.</exception>
    public T Make(string identifier, JsonObject arguments)
    {
        var entry = Find(identifier);
        var config = new ObjectConfig(entry.Names[0], arguments, neutral);
        var made = entry.Make(config);
        config.RefuseUnread();
        return made;
    }

    /// <summary>Makes the thing of that name from arguments that another thing has as well.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public T MakeWithin(string identifier, ObjectConfig config) => Find(identifier).Make(config);

    private Entry Find(string identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        var name = Normalized(identifier);
        return _entries.Find(entry => entry.Names.Any(known => Normalized(known) == name))
            ?? throw new ArgumentException(
                $"The {kind} are {string.Join(", ", Identifiers.Select(known => $"\"{known}\""))}. Received: \"{identifier}\".",
                    nameof(identifier));
    }

    private static string Normalized(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private sealed record Entry(string[] Names, Func<ObjectConfig, T> Make);
}
