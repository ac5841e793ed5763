using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.State;

/// <summary>What deployments keep about themselves in the cluster's bucket, as JSON. These calls are counted apart, and need no lease.</summary>
public sealed class StateObjects(ClusterBucket bucket)
{
    /// <summary>How these documents are written.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Reads a document; null if the text is none of its kind.</summary>
    internal static T? TryParse<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An object, or null if there is none.</summary>
    public async Task<StoredText?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        using var state = CallRecorder.StateCalls();
        return await bucket.ReadAsync(key, cancellationToken);
    }

    /// <summary>Writes an object if it still is what <paramref name="expected"/> says; see <see cref="ClusterBucket.SwapAsync"/>.</summary>
    public async Task<string?> SwapAsync(string key, string text, string? expected, CancellationToken cancellationToken)
    {
        using var state = CallRecorder.StateCalls();
        return await bucket.SwapAsync(key, text, expected, cancellationToken);
    }

    /// <summary>Writes an object if it still is what <paramref name="expected"/> says, or has this text already: so a write whose answer was lost is no conflict.</summary>
    /// <returns>The new ETag, or null if somebody else wrote it.</returns>
    public async Task<string?> WriteAsync(string key, string text, string? expected, CancellationToken cancellationToken)
    {
        if (await SwapAsync(key, text, expected, cancellationToken) is { } written) return written;
        return await ReadAsync(key, cancellationToken) is { } seen && seen.Text == text ? seen.ETag : null;
    }

    /// <summary>The keys below a prefix, in their order; none where there is no bucket.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        using var state = CallRecorder.StateCalls();
        return await AwsErrors.UnlessMissingAsync(() => bucket.ListAsync(prefix, cancellationToken)!) ?? [];
    }
}
