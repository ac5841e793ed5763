using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SyncStorage.DatabaseNode.Backups;

/// <summary>What is known of a binary log in the bucket. It is written after the log itself: without it, there is none.</summary>
/// <param name="File">Its name, e.g. <c>binlog.000012</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, lowercase hexadecimal.</param>
/// <param name="From">When the first transaction in it began; null if there is none.</param>
/// <param name="To">When the last one did.</param>
internal sealed record ShippedLog(string File, long Bytes, string Sha256, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>How far a timeline's binary logs are in the bucket.</summary>
/// <param name="UpTo">Whatever was committed before is there.</param>
/// <param name="Last">The last file; null if there is none yet.</param>
internal sealed record ShippedMark(DateTimeOffset UpTo, string? Last);

/// <summary>A dbnode's binary logs in the cluster's bucket: <c>dbnodes/&lt;node&gt;/&lt;timeline&gt;/&lt;file&gt;</c>, each with a description.</summary>
internal sealed class LogArchive(ICloud cloud, string node)
{
    /// <summary>Writes a log, then its description.</summary>
    public async Task WriteAsync(string timeline, ShippedLog log, Stream content, CancellationToken cancellationToken)
    {
        await cloud.PutAsync(Key(timeline, log.File), content, cancellationToken);
        await WriteAsync(DescriptionKey(timeline, log.File), log, ArchiveJson.Default.ShippedLog, cancellationToken);
    }

    /// <summary>A log's content; null if it is not there. To be disposed.</summary>
    public Task<Stream?> OpenAsync(string timeline, string file, CancellationToken cancellationToken) => cloud.GetAsync(Key(timeline, file), cancellationToken);

    /// <summary>A log's description; null if there is none.</summary>
    /// <exception cref="InvalidDataException">It can't be read.</exception>
    public Task<ShippedLog?> DescriptionAsync(string timeline, string file, CancellationToken cancellationToken) =>
        ReadAsync(DescriptionKey(timeline, file), ArchiveJson.Default.ShippedLog, cancellationToken);

    /// <summary>How far the logs are there; null if nothing is.</summary>
    /// <exception cref="InvalidDataException">It can't be read.</exception>
    public Task<ShippedMark?> MarkAsync(string timeline, CancellationToken cancellationToken) => ReadAsync(MarkKey(timeline), ArchiveJson.Default.ShippedMark, cancellationToken);

    /// <summary>Says how far the logs are there.</summary>
    public Task WriteMarkAsync(string timeline, ShippedMark mark, CancellationToken cancellationToken) =>
        WriteAsync(MarkKey(timeline), mark, ArchiveJson.Default.ShippedMark, cancellationToken);

    private string Key(string timeline, string file) => $"dbnodes/{node}/{timeline}/{file}";

    private string DescriptionKey(string timeline, string file) => $"{Key(timeline, file)}.json";

    private string MarkKey(string timeline) => Key(timeline, "shipped.json");

    private async Task WriteAsync<T>(string key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, type));
        await cloud.PutAsync(key, content, cancellationToken);
    }

    private async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        await using var content = await cloud.GetAsync(key, cancellationToken);
        if (content is null) return null;
        try
        {
            return await JsonSerializer.DeserializeAsync(content, type, cancellationToken) ?? throw new InvalidDataException($"{key} holds nothing.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{key} can't be read: {exception.Message}", exception);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ShippedLog))]
[JsonSerializable(typeof(ShippedMark))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
