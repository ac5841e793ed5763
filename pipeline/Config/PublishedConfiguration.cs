using System.Text.Json.Serialization;

namespace SyncStorage.Pipeline.Config;

/// <summary>What is published for a service, whatever it says.</summary>
public abstract class PublishedConfiguration
{
    /// <summary>The format that is written now.</summary>
    public abstract int WrittenFormat { get; }

    /// <summary>The current document's version; null before the first was published.</summary>
    public abstract Task<int?> VersionAsync(CancellationToken cancellationToken);

    /// <summary>The current document's format; null before the first was published.</summary>
    public abstract Task<int?> FormatAsync(CancellationToken cancellationToken);
}

/// <summary>A document that a service reads. Immutable once written.</summary>
public abstract record PublishedDocument
{
    /// <summary>The format that this release writes; the release before it can read it.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The document's format.</summary>
    [JsonPropertyOrder(-2)]
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Grows by one with every change.</summary>
    [JsonPropertyOrder(-1)]
    public int Version { get; init; }
}
