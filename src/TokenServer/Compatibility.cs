using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncStorage.TokenServer;

/// <summary>
/// What this release works with, from <c>compatibility.json</c>: the file is part of the executable, and lies beside it in the bundle for
/// those who decide whether the release may be deployed.
/// </summary>
/// <param name="Schema">The schemas of its database.</param>
/// <param name="Configuration">The formats of configuration documents: this release's own, and the next, which only adds members.</param>
internal sealed record Compatibility(VersionRange Schema, VersionRange Configuration)
{
    public static Compatibility Current { get; } = Read();

    private static Compatibility Read()
    {
        using var stream = typeof(Compatibility).Assembly.GetManifestResourceStream("compatibility.json")!;
        return JsonSerializer.Deserialize(stream, CompatibilityJson.Default.Compatibility)!;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Compatibility))]
internal sealed partial class CompatibilityJson : JsonSerializerContext;
