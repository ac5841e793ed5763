using System.Globalization;
using System.Text.Json;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Config;

/// <summary>The current configuration of a service: an immutable document, and a pointer that is moved by compare and swap.</summary>
public abstract class DocumentStore<TDocument> : PublishedConfiguration
    where TDocument : PublishedDocument
{
    private const string Suffix = ".json";

    private readonly ClusterBucket bucket;
    private readonly string prefix;
    private readonly Memo<CurrentConfig?> current;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="bucket">The cluster's bucket.</param>
    /// <param name="prefix">What the keys of its documents begin with.</param>
    protected DocumentStore(ClusterBucket bucket, string prefix)
    {
        (this.bucket, this.prefix) = (bucket, prefix);
        current = new(ReadAsync);
    }

    /// <inheritdoc/>
    public override int WrittenFormat => PublishedDocument.CurrentFormat;

    private string PointerKey => $"{prefix}current{Suffix}";

    /// <inheritdoc/>
    public override async Task<int?> VersionAsync(CancellationToken cancellationToken) => (await CurrentAsync(cancellationToken))?.Version;

    /// <inheritdoc/>
    public override async Task<int?> FormatAsync(CancellationToken cancellationToken) => (await CurrentAsync(cancellationToken))?.Format;

    /// <summary>The current document, or null before the first was published.</summary>
    public async Task<TDocument?> CurrentAsync(CancellationToken cancellationToken) => (await current.GetAsync(cancellationToken))?.Document;

    /// <summary>Makes a document current, as the next version.</summary>
    /// <returns>The document with its version.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationConflict"/>: somebody else published at the same time.</exception>
    public async Task<TDocument> PublishAsync(TDocument document, CancellationToken cancellationToken)
    {
        var before = await current.GetAsync(cancellationToken);
        var next = document with { Version = (before?.Document.Version ?? 0) + 1 };

        // A run that was killed between document and pointer leaves a document that nobody points to. What says the same is taken over; else
        // its number is skipped.
        while (await bucket.SwapAsync(KeyOf(next.Version), Serialize(next), expected: null, cancellationToken) is null
            && (await bucket.ReadAsync(KeyOf(next.Version), cancellationToken))?.Text != Serialize(next))
            next = next with { Version = next.Version + 1 };

        await PointAsync(next, before?.PointerETag, cancellationToken);
        return next;
    }

    /// <summary>A document of an earlier version, or null if there is none.</summary>
    public async Task<TDocument?> ReadVersionAsync(int version, CancellationToken cancellationToken) =>
        await bucket.ReadAsync(KeyOf(version), cancellationToken) is { } stored ? Parse<TDocument>(stored.Text, KeyOf(version)) : null;

    /// <summary>Makes an earlier document current again, as it is.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationConflict"/>: somebody else published at the same time.</exception>
    public async Task RestoreAsync(TDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var before = await current.GetAsync(cancellationToken);
        await PointAsync(document, before?.PointerETag, cancellationToken);
    }

    private async Task PointAsync(TDocument document, string? expected, CancellationToken cancellationToken)
    {
        var pointer = new ConfigPointer(document.Version, KeyOf(document.Version));
        var moved = await bucket.SwapAsync(PointerKey, Serialize(pointer), expected, cancellationToken)
            ?? throw new PipelineException(
                ErrorCode.ConfigurationConflict, "The configuration was published by somebody else at the same time.", hint: "./build.sh --target=Publish-Config");
        current.Set(new CurrentConfig(document, moved));
    }

    /// <summary>The version of the document with this key; null if it is no document's.</summary>
    private protected static int? VersionOf(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(key[prefix.Length..].Replace(Suffix, "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private string KeyOf(int version) => $"{prefix}{version}{Suffix}";

    private static string Serialize<T>(T value) => JsonSerializer.Serialize(value, ConfigDocument.Json) + "\n";

    private async Task<CurrentConfig?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await bucket.ReadAsync(PointerKey, cancellationToken) is not { } pointerText) return null;
        var pointer = Parse<ConfigPointer>(pointerText.Text, PointerKey);
        var document = await bucket.ReadAsync(pointer.Key, cancellationToken)
            ?? throw new PipelineException(
                ErrorCode.ConfigurationConflict, $"{PointerKey} names {pointer.Key}, which does not exist.",
                hint: $"Restore {pointer.Key}, or delete {PointerKey} and run ./build.sh --target=Publish-Config.");
        return new CurrentConfig(Parse<TDocument>(document.Text, pointer.Key), pointerText.ETag);
    }

    private static T Parse<T>(string text, string key)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, ConfigDocument.Json) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new PipelineException(ErrorCode.ConfigurationConflict, $"{key} in the cluster's bucket can't be read: {exception.Message}", inner: exception);
        }
    }

    private sealed record CurrentConfig(TDocument Document, string PointerETag);
}
