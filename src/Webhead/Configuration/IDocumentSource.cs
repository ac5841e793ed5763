namespace SyncStorage.Webhead.Configuration;

/// <summary>Where configuration documents and secrets come from.</summary>
internal interface IDocumentSource
{
    /// <summary>The pointer to the current document; null if none was published yet.</summary>
    Task<ConfigurationPointer?> ReadPointerAsync(CancellationToken cancellationToken);

    /// <summary>A document.</summary>
    /// <exception cref="ConfigurationException">It is not there, or is no configuration document.</exception>
    Task<ConfigurationDocument> ReadDocumentAsync(ConfigurationPointer pointer, CancellationToken cancellationToken);

    /// <summary>The values of secrets, by name.</summary>
    /// <exception cref="ConfigurationException">One of them is not there.</exception>
    Task<IReadOnlyDictionary<string, string>> ReadSecretsAsync(IEnumerable<string> names, CancellationToken cancellationToken);
}
