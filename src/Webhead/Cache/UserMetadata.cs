using System.Buffers.Text;
using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Cache;

/// <summary>When a user's storage and each collection changed last.</summary>
internal sealed record UserTimestamps(SyncTimestamp Modified, IReadOnlyDictionary<string, SyncTimestamp> Collections)
{
    public static readonly UserTimestamps Empty = new(SyncTimestamp.Zero, new Dictionary<string, SyncTimestamp>());

    /// <summary>A collection's timestamp, zero if there is none.</summary>
    public SyncTimestamp Of(string collection) => Collections.GetValueOrDefault(collection);
}

/// <summary>What a value in the cache is.</summary>
internal enum CacheValue : byte
{
    /// <summary>A writer is at work, or died at it: nobody knows what holds.</summary>
    Dirty = (byte)'D',

    /// <summary>A reader is loading.</summary>
    Claim = (byte)'L',

    /// <summary>What was loaded is too large to be kept here.</summary>
    TooLarge = (byte)'B',

    /// <summary>What it says holds.</summary>
    Known = (byte)'V',
}

/// <summary>
/// The cached timestamps of a user: lines of a name and milliseconds. The first line is the storage's.
/// </summary>
/// <param name="Timestamps">The timestamps.</param>
/// <param name="HasCacheOnly">Whether collections that are in the cache alone were there, or a trace of them, when it was made.</param>
internal sealed record UserMetadata(UserTimestamps Timestamps, bool HasCacheOnly)
{
    private const byte CacheOnlyMark = (byte)'+';

    public byte[] Write()
    {
        var text = new StringBuilder();
        text.Append((char)CacheValue.Known).Append(HasCacheOnly ? (char)CacheOnlyMark : '-').Append(' ')
            .Append(Timestamps.Modified.Milliseconds).Append('\n');
        foreach (var (name, modified) in Timestamps.Collections) text.Append(name).Append(' ').Append(modified.Milliseconds).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Reads them; null if this is another value, or none that can be read.</summary>
    public static UserMetadata? Read(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2 || value[0] != (byte)CacheValue.Known) return null;
        var hasCacheOnly = value[1] == CacheOnlyMark;
        SyncTimestamp? total = null;
        var collections = new Dictionary<string, SyncTimestamp>(16, StringComparer.Ordinal);
        while (!value.IsEmpty)
        {
            var space = value.IndexOf((byte)' ');
            if (space < 0 || !Utf8Parser.TryParse(value[(space + 1)..], out long milliseconds, out var length)) return null;
            var modified = new SyncTimestamp(milliseconds);
            if (total is null) total = modified;
            else collections[Encoding.ASCII.GetString(value[..space])] = modified;
            value = value[(space + 1 + length)..];
            if (value.IsEmpty || value[0] != (byte)'\n') return null;
            value = value[1..];
        }

        return total is { } all ? new UserMetadata(new UserTimestamps(all, collections), hasCacheOnly) : null;
    }
}
