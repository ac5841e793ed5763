using System.Reflection;
using System.Runtime.CompilerServices;

namespace SyncStorage.Build.Tests.Packages;

/// <summary>The public surface of an assembly, as <see cref="OfficialList"/> writes it.</summary>
internal static class Surface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
    };

    /// <summary>The types that others see, but for what the compiler makes.</summary>
    public static IEnumerable<Type> TypesOf(Assembly assembly) => assembly.GetExportedTypes().Where(type => !type.IsNested && !type.Name.Contains('<', StringComparison.Ordinal));

    /// <summary>What a type declares or inherits, and others may use.</summary>
    public static IEnumerable<string> AllMembersOf(Type type) =>
        type.GetInterfaces().Prepend(type).Concat(BasesOf(type)).SelectMany(MembersOf);

    /// <summary>What a type declares itself, and others may use.</summary>
    public static IEnumerable<string> MembersOf(Type type)
    {
        foreach (var constructor in type.GetConstructors(Declared).Where(one => IsVisible(one) && !one.IsStatic))
            yield return $"{NameOf(type)}({Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic && !field.IsSpecialName))
            yield return $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}";
        foreach (var property in type.GetProperties(Declared))
        {
            var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToList();
            if (accessors.Count > 0)
                yield return $"{Name(property.PropertyType)} {property.Name} {{ {(accessors.Contains(property.GetMethod!) ? "get; " : "")}{(property.SetMethod is { } set && accessors.Contains(set) ? "set; " : "")}}}";
        }

        foreach (var method in type.GetMethods(Declared).Where(method => IsVisible(method) && (!method.IsSpecialName || method.Name == "op_Implicit") && !method.Name.Contains('<', StringComparison.Ordinal)))
            yield return Method(method);
    }

    /// <summary>A type as C# writes it, without namespaces.</summary>
    public static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Name(value)}?";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        return type.IsGenericType ? $"{NameOf(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
    }

    private static IEnumerable<Type> BasesOf(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType) yield return parent;
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Method(MethodInfo method)
    {
        if (method.Name == "op_Implicit") return $"static implicit operator {Name(method.ReturnType)}({Parameters(method)})";
        var own = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        var extends = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{own}({extends}{Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : "")}"));

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
