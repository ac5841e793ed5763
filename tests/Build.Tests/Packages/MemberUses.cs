using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace SyncStorage.Build.Tests.Packages;

/// <summary>What a compiled program uses of other assemblies.</summary>
/// <param name="Assembly">Which assembly's.</param>
/// <param name="Type">As metadata names it.</param>
/// <param name="Signature">The member as <see cref="OfficialList.Has"/> wants it; null for the type itself.</param>
/// <param name="Implements">Whether a type of the program implements it, where it is an interface.</param>
internal sealed record MemberUse(string Assembly, string Type, string? Signature, bool Implements = false)
{
    public override string ToString() => $"{Type}: {(Implements ? "implemented by a type of its own" : Signature ?? "the type itself")}";

    /// <summary>Reads a program's metadata.</summary>
    public static IReadOnlyList<MemberUse> In(string file)
    {
        using var program = new PEReader(File.OpenRead(file));
        var metadata = program.GetMetadataReader();
        var names = new Names(metadata);
        return [.. Types(metadata, names).Concat(Members(metadata, names)).Concat(Overrides(metadata, names)).Distinct()];
    }

    private static IEnumerable<MemberUse> Types(MetadataReader metadata, Names names) =>
        metadata.TypeReferences.Select(handle => names.Of(handle)).Where(type => type.Assembly is not null).Select(type => new MemberUse(type.Assembly!, type.FullName, null));

    private static IEnumerable<MemberUse> Members(MetadataReader metadata, Names names)
    {
        foreach (var member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (names.Of(member.Parent) is not { Assembly: { } assembly } type) continue;
            var name = metadata.GetString(member.Name);
            yield return new MemberUse(assembly, type.FullName, member.GetKind() == MemberReferenceKind.Field
                ? $"static readonly {member.DecodeFieldSignature(names, null).Text} {name}"
                : Written(type, name, member.DecodeMethodSignature(names, null)));
        }
    }

    // Overriding is a use, too, and leaves no reference behind.
    private static IEnumerable<MemberUse> Overrides(MetadataReader metadata, Names names)
    {
        foreach (var definition in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            foreach (var implemented in definition.GetInterfaceImplementations().Select(handle => names.Of(metadata.GetInterfaceImplementation(handle).Interface)))
            {
                if (implemented.Assembly is { } owner) yield return new MemberUse(owner, implemented.FullName, null, Implements: true);
            }

            if (definition.BaseType.IsNil || names.Of(definition.BaseType) is not { Assembly: { } assembly } parent) continue;
            foreach (var method in definition.GetMethods().Select(metadata.GetMethodDefinition).Where(IsOverride))
            {
                var signature = Written(parent, metadata.GetString(method.Name), method.DecodeSignature(names, null));
                for (var i = 0; i < parent.Arguments.Length; i++) signature = Regex.Replace(signature, $@"\b{Regex.Escape(parent.Arguments[i])}\b", $"!{i}");
                yield return new MemberUse(assembly, parent.FullName, signature);
            }
        }
    }

    private static bool IsOverride(MethodDefinition method) =>
        (method.Attributes & (MethodAttributes.Virtual | MethodAttributes.NewSlot | MethodAttributes.Private)) == MethodAttributes.Virtual;

    private static string Written(Named type, string name, MethodSignature<Named> signature)
    {
        var parameters = string.Join(", ", signature.ParameterTypes.Select(parameter => parameter.Text));
        return name switch
        {
            ".ctor" => $"{type.FullName.Split('.')[^1].Split('`')[0]}({parameters})",
            "op_Implicit" => $"static implicit operator {signature.ReturnType.Text}({parameters})",
            _ when name.StartsWith("get_", StringComparison.Ordinal) => $"{signature.ReturnType.Text} {name[4..]} {{ get; }}",
            _ when name.StartsWith("set_", StringComparison.Ordinal) => $"{parameters} {name[4..]} {{ set; }}",
            _ => $"{(signature.Header.IsInstance ? "" : "static ")}{signature.ReturnType.Text} {name}({parameters})",
        };
    }

    /// <summary>A type, as text and by where it is.</summary>
    internal readonly record struct Named(string Text, string FullName, string? Assembly, ImmutableArray<string> Arguments);

    private sealed class Names(MetadataReader metadata) : ISignatureTypeProvider<Named, object?>
    {
        public Named Of(EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeReference => GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0),
            HandleKind.TypeDefinition => GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0),
            HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
            _ => Plain(""),
        };

        public Named GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            var name = reader.GetString(type.Name);
            var scope = type.ResolutionScope;
            if (scope.Kind != HandleKind.AssemblyReference) return Plain(name);
            var assembly = reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
            return new Named(name.Split('`')[0], $"{reader.GetString(type.Namespace)}.{name}", assembly, []);
        }

        public Named GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            Plain(reader.GetString(reader.GetTypeDefinition(handle).Name).Split('`')[0]);

        public Named GetGenericInstantiation(Named genericType, ImmutableArray<Named> typeArguments) => genericType with
        {
            Text = genericType.FullName == "System.Nullable`1" ? $"{typeArguments[0].Text}?" : $"{genericType.Text}<{string.Join(", ", typeArguments.Select(type => type.Text))}>",
            Arguments = [.. typeArguments.Select(type => type.Text)],
        };

        public Named GetPrimitiveType(PrimitiveTypeCode typeCode) => Plain(typeCode switch
        {
            PrimitiveTypeCode.Boolean => "bool",
            PrimitiveTypeCode.Int32 => "int",
            PrimitiveTypeCode.Int64 => "long",
            PrimitiveTypeCode.Single => "float",
            PrimitiveTypeCode.Double or PrimitiveTypeCode.Void or PrimitiveTypeCode.String or PrimitiveTypeCode.Object => typeCode.ToString().ToLowerInvariant(),
            _ => typeCode.ToString(),
        });

        public Named GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => Of(handle);

        public Named GetSZArrayType(Named elementType) => Plain($"{elementType.Text}[]");

        public Named GetArrayType(Named elementType, ArrayShape shape) => Plain($"{elementType.Text}[{new string(',', shape.Rank - 1)}]");

        public Named GetByReferenceType(Named elementType) => Plain($"ref {elementType.Text}");

        public Named GetPointerType(Named elementType) => Plain($"{elementType.Text}*");

        public Named GetPinnedType(Named elementType) => elementType;

        public Named GetModifiedType(Named modifier, Named unmodifiedType, bool isRequired) => unmodifiedType;

        public Named GetFunctionPointerType(MethodSignature<Named> signature) => Plain("delegate*");

        public Named GetGenericMethodParameter(object? genericContext, int index) => Plain($"!!{index}");

        public Named GetGenericTypeParameter(object? genericContext, int index) => Plain($"!{index}");

        private static Named Plain(string text) => new(text, text, null, []);
    }
}
