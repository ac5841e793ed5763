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
    /// <summary>Reads an answer; null if it is none.</summary>
    public static NodeReport? Of(RemoteResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!result.Succeeded || result.Answer is not { } answer || (string?)answer["state"] is not { } state) return null;
        return new NodeReport(
            state, (string?)answer["backups"] == "waiting", (string?)answer["code"], (string?)answer["reason"], (string?)answer["progress"], Time((string?)answer["shippedUpTo"]), Time((string?)answer["snapshotOf"]),
            [.. new[] { (string?)answer["shippingError"], (string?)answer["snapshotError"] }.OfType<string>()]);
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, NodeRestore.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
