using System.Text.Json.Serialization;

namespace SyncStorage.ServiceHost.Configuration;

/// <summary>Where configuration documents and secrets come from.</summary>
internal interface IDocuments<TDocument>
{
    /// <summary>The pointer to the current document; null if none was published yet.</summary>
    Task<ConfigurationPointer?> ReadPointerAsync(CancellationToken cancellationToken);

    /// <summary>A document.</summary>
    /// <exception cref="ConfigurationException">It is not there, or is no configuration document.</exception>
    Task<TDocument> ReadDocumentAsync(ConfigurationPointer pointer, CancellationToken cancellationToken);

    /// <summary>The values of secrets, by name.</summary>
    /// <exception cref="ConfigurationException">One of them is not there.</exception>
    Task<IReadOnlyDictionary<string, string>> ReadSecretsAsync(IEnumerable<string> names, CancellationToken cancellationToken);
}

/// <summary>Which document is current.</summary>
internal sealed record ConfigurationPointer
{
    public required int Version { get; init; }

    public required string Key { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ConfigurationPointer))]
internal sealed partial class PointerJson : JsonSerializerContext;

/// <summary>A configuration that can't be used, or can't be had. The message holds no secret.</summary>
internal sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
