using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CSharpKernel.Display;

/// <summary>What an object consists of, for tables and texts.</summary>
internal static class Members
{
    /// <summary>Whether a value says all there is by its text: numbers, texts, dates, and types that write a text of their own.</summary>
    public static bool IsText(object? value) =>
        value is null or string or Task or MemberInfo
        || (value is not (ITuple or DictionaryEntry or Exception) && !IsPair(value.GetType()) && value is not IEnumerable
            && WritesItself(value.GetType()));

    /// <summary>Whether a type's values have a text that is more than the type's name.</summary>
    public static bool HasText(Type type) =>
        type.IsPrimitive || type.IsEnum
            || (Text(type)?.DeclaringType is { } author && author != typeof(object) && author != typeof(ValueType));

    /// <summary>The public properties and fields of a value, in the order of their declaration, with what they hold.</summary>
    public static IEnumerable<(string Name, object? Value)> Of(object value)
    {
        const BindingFlags visible = BindingFlags.Instance | BindingFlags.Public;
        var type = value.GetType();
        foreach (var property in type.GetProperties(visible)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && Holds(property.PropertyType)))
            yield return (property.Name, Get(() => property.GetValue(value)));
        foreach (var field in type.GetFields(visible).Where(field => Holds(field.FieldType))) yield return (field.Name,
            Get(() => field.GetValue(value)));
    }

    /// <summary>A type's name as C# writes it.</summary>
    public static string Name(Type type)
    {
        if (IsAnonymous(type)) return "";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsGenericType) return type.Name;
        var name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    private static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static MethodInfo? Text(Type type) =>
        type.GetMethod(nameof(ToString), BindingFlags.Instance | BindingFlags.Public, Type.EmptyTypes);

    // A record's text is the compiler's, not its author's.
    private static bool WritesItself(Type type) =>
        HasText(type) && !IsAnonymous(type) && !Text(type)!.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsAnonymous(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    private static bool Holds(Type type) => !type.IsByRefLike && !type.IsPointer && !type.IsByRef && !type.IsFunctionPointer;

    private static object? Get(Func<object?> get)
    {
        try
        {
            return get();
        }
        catch (Exception error)
        {
            var cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            return $"({cause.GetType().Name}: {cause.Message})";
        }
    }
}
