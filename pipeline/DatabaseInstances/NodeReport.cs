using System.Globalization;
using SyncStorage.Pipeline.Remote;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>What a dbnode says of itself.</summary>
/// <param name="State"><c>starting</c>, <c>restoring</c>, <c>ready</c> or <c>failed</c>.</param>
/// <param name="IsWaiting">Whether it was restored, and its backups have not begun.</param>
/// <param name="Code">Of what failed; null if nothing did.</param>
/// <param name="Reason">What failed; null if nothing did.</param>
/// <param name="Progress">How far it is; null if that is not told.</param>
/// <param name="ShippedUpTo">Whatever was committed before is in the bucket; null if that is not known.</param>
/// <param name="SnapshotOf">Of what time the newest snapshot is; null if there is none.</param>
/// <param name="BackupErrors">What keeps its backups from being made; empty if nothing does.</param>
public sealed record NodeReport(
    string State, bool IsWaiting, string? Code, string? Reason, string? Progress, DateTimeOffset? ShippedUpTo, DateTimeOffset? SnapshotOf, IReadOnlyList<string> BackupErrors)
{
    /// <summary>Bytes of its volume that can still be written; null if that is not told.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Bytes of its volume; null if that is not told.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Whether its volume is full, but for a hundredth at most: before its last bytes are gone, not even temporary files can be made.</summary>
    public bool IsFull => FreeBytes is { } free && TotalBytes is { } total && total > 0 && free < total / 100;

    /// <summary>Reads an answer; null if it is none.</summary>
    public static NodeReport? Of(RemoteResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!result.Succeeded || result.Answer is not { } answer || (string?)answer["state"] is not { } state) return null;
        return new NodeReport(
            state, (string?)answer["backups"] == "waiting", (string?)answer["code"], (string?)answer["reason"], (string?)answer["progress"], Time((string?)answer["shippedUpTo"]), Time((string?)answer["snapshotOf"]),
            [.. new[] { (string?)answer["shippingError"], (string?)answer["snapshotError"] }.OfType<string>()])
        {
            FreeBytes = Number((string?)answer["freeBytes"]),
            TotalBytes = Number((string?)answer["totalBytes"]),
        };
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, NodeRestore.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
