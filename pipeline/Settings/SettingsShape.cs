using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SyncStorage.Pipeline.Settings;

/// <summary>What JSON a settings type is written as.</summary>
internal enum SettingsKind
{
    Object,
    List,
    Text,
    Integer,
    Number,
    Boolean,
}

/// <summary>A settings type as JSON sees it: the one description that reader, overrides, rules and schema share.</summary>
internal sealed record SettingsShape(SettingsKind Kind, Type Type, bool Nullable, IReadOnlyList<SettingsProperty> Properties, SettingsShape? Item)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<SettingsProperty>> Known = [];

    public static SettingsShape Of<T>() => Object(typeof(T), nullable: false);

    public IReadOnlyCollection<string> Names => [.. Properties.Select(property => property.Name)];

    public SettingsProperty? Find(string name) => Properties.FirstOrDefault(property => property.Name == name);

    /// <summary>For messages: <c>a whole number</c>.</summary>
    public string Description => Kind switch
    {
        SettingsKind.Object => "an object",
        SettingsKind.List => "a list",
        SettingsKind.Text => "a text",
        SettingsKind.Integer => "a whole number",
        SettingsKind.Number => "a number",
        SettingsKind.Boolean => "true or false",
        _ => throw new InvalidOperationException($"No description of {Kind}."),
    };

    private static SettingsShape Object(Type type, bool nullable) =>
        new(SettingsKind.Object, type, nullable, Known.GetOrAdd(type, PropertiesOf), null);

    private static IReadOnlyList<SettingsProperty> PropertiesOf(Type type)
    {
        var nullability = new NullabilityInfoContext();
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => new SettingsProperty(
                JsonNamingPolicy.CamelCase.ConvertName(property.Name),
                property,
                property.IsDefined(typeof(RequiredMemberAttribute)),
                From(property.PropertyType, nullability.Create(property))))];
    }

    private static SettingsShape From(Type declared, NullabilityInfo nullability)
    {
        var type = System.Nullable.GetUnderlyingType(declared) ?? declared;
        var nullable = type != declared || (!type.IsValueType && nullability.ReadState == NullabilityState.Nullable);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new SettingsShape(SettingsKind.List, type, nullable, [], From(type.GetGenericArguments()[0], nullability.GenericTypeArguments[0]));
        return type switch
        {
            _ when type == typeof(string) || type == typeof(Uri) => new SettingsShape(SettingsKind.Text, type, nullable, [], null),
            _ when type == typeof(int) => new SettingsShape(SettingsKind.Integer, type, nullable, [], null),
            _ when type == typeof(double) => new SettingsShape(SettingsKind.Number, type, nullable, [], null),
            _ when type == typeof(bool) => new SettingsShape(SettingsKind.Boolean, type, nullable, [], null),
            { IsClass: true } => Object(type, nullable),
            _ => throw new InvalidOperationException($"A setting can't be a {type}."),
        };
    }
}

/// <summary>One key of an object.</summary>
internal sealed record SettingsProperty(string Name, PropertyInfo Member, bool Required, SettingsShape Shape);
