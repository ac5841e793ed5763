using System.Text.Encodings.Web;
using System.Text.Json;

namespace SyncStorage.Pipeline.Locking;

/// <summary><c>state/lock.json</c>: who holds the deploy lock. Every write differs from the one before, so that the object's ETag tells renewals apart.</summary>
public sealed record LockDocument
{
    /// <summary>The format of this document.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Whether it is held; otherwise the rest tells of the last holder.</summary>
    public bool Held { get; init; }

    /// <summary>Drawn at random by each taker: whose lock this is.</summary>
    public required string Token { get; init; }

    /// <summary>Counts the writes of one holder.</summary>
    public int Renewals { get; init; }

    /// <summary>What holds it, e.g. <c>Deploy</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Who, e.g. <c>ann@laptop</c>.</summary>
    public required string Holder { get; init; }

    /// <summary>The CI run, or null.</summary>
    public Uri? Run { get; init; }

    /// <summary>Since when, by the holder's clock; for people only.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How long a holder that does not renew it keeps it, in seconds.</summary>
    public required double LeaseSeconds { get; init; }

    /// <summary>How long a call that the holder has begun may still take effect, in seconds.</summary>
    public required double AttemptSeconds { get; init; }

    /// <summary>The holder, for people.</summary>
    public string Describe() => $"{Holder} ({Target}, since {Since:yyyy-MM-dd HH:mm:ss} UTC{(Run is null ? "" : $", {Run}")})";

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format1);

    /// <summary>Reads one.</summary>
    /// <returns>Null if the text is no such document.</returns>
    public static LockDocument? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<LockDocument>(json, Format1);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static readonly JsonSerializerOptions Format1 = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };
}
