using SyncStorage.SyncClient;

namespace SyncStorage.Pipeline.Config;

/// <summary>The lists of secrets of virtual hostnames while the master secret is rotated: pure functions.</summary>
public static class SecretLists
{
    /// <summary>The list of a hostname that is new: of the master secret, and of the next one if there is one.</summary>
    /// <param name="hostname">The virtual hostname.</param>
    /// <param name="master">The master secret.</param>
    /// <param name="next">The one that is to replace it; null if none is.</param>
    /// <param name="now">When it is made.</param>
    public static string OfNew(string hostname, Secret master, NextMaster? next, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(master);
        if (next is null) return Entry(now.ToUnixTimeSeconds(), hostname, master);
        var added = Entry(next.Timestamp, hostname, next.Secret);

        // The rotation is all but over: what it replaced is nobody's any more.
        return master.Reveal() == next.Secret.Reveal() ? added : $"{Entry(next.Timestamp - 1, hostname, master)},{added}";
    }

    /// <summary>A list with the secret of the next master beside what it has.</summary>
    public static string With(string list, string hostname, NextMaster next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return TimestampsOf(list).Contains($"{next.Timestamp}", StringComparer.Ordinal) ? list : $"{list},{Entry(next.Timestamp, hostname, next.Secret)}";
    }

    /// <summary>A list of this one secret alone; a list that does not have it stays as it is.</summary>
    public static string Only(string list, long timestamp)
    {
        ArgumentNullException.ThrowIfNull(list);
        return Entries(list).FirstOrDefault(entry => entry.StartsWith($"{timestamp}:", StringComparison.Ordinal)) ?? list;
    }

    /// <summary>The timestamp that the newest secret of a list has.</summary>
    public static string Newest(string list) => NodeSecrets.ParseEntries(list)[0].Timestamp;

    /// <summary>The timestamps of a list.</summary>
    public static IReadOnlyList<string> TimestampsOf(string list) => [.. NodeSecrets.ParseEntries(list).Select(entry => entry.Timestamp)];

    private static string[] Entries(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Entry(long timestamp, string hostname, Secret master) =>
        NodeSecrets.FormatEntry(DateTimeOffset.FromUnixTimeSeconds(timestamp), NodeSecrets.Derive(master.Reveal(), $"https://{hostname}"));
}

/// <summary>The master secret that is to replace the present one.</summary>
/// <param name="Timestamp">Of what is derived from it, in seconds since 1970: later than that of all else.</param>
/// <param name="Secret">The secret.</param>
public sealed record NextMaster(long Timestamp, Secret Secret)
{
    /// <summary>As it is stored: <c>timestamp:secret</c>.</summary>
    public Secret Stored => new($"{Timestamp}:{Secret.Reveal()}");

    /// <summary>Reads what is stored; null if it is nothing of the kind.</summary>
    public static NextMaster? Of(Secret? stored) =>
        stored?.Reveal().Split(':') is [var timestamp, { Length: > 0 } secret] && long.TryParse(timestamp, out var seconds) ? new NextMaster(seconds, new Secret(secret)) : null;
}
