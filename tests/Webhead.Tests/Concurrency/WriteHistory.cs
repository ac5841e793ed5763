using System.Text.Json;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.Concurrency;

/// <summary>A write that a client has sent: what each item's payload was to be (null: deleted), and when, if that was acknowledged.</summary>
internal sealed record SentWrite(string Collection, IReadOnlyDictionary<string, string?> Items, SyncTimestamp? At);

/// <summary>What one user's clients wrote, and what must therefore be there: the model that a storage is compared with.</summary>
internal sealed class WriteHistory
{
    private readonly Lock gate = new();
    private readonly List<SentWrite> writes = [];
    private readonly List<string> violations = [];

    public IReadOnlyList<string> Violations => violations;

    public int Acknowledged => writes.Count(write => write.At is not null);

    public void Add(SentWrite write)
    {
        lock (gate)
        {
            if (write.At is { } at && writes.Any(other => other.Collection == write.Collection && other.At == at))
                violations.Add($"two writes to {write.Collection} got {at}");
            writes.Add(write);
        }
    }

    public void Violation(string text)
    {
        lock (gate) violations.Add(text);
    }

    /// <summary>The latest acknowledged write to each collection, and to each item.</summary>
    public Dictionary<string, SyncTimestamp> Latest()
    {
        lock (gate)
        {
            var latest = new Dictionary<string, SyncTimestamp>();
            foreach (var write in writes.Where(write => write.At is not null))
            {
                Note(write.Collection, write.At!.Value);
                foreach (var id in write.Items.Keys) Note($"{write.Collection}/{id}", write.At.Value);
            }

            return latest;

            void Note(string what, SyncTimestamp at) => latest[what] = SyncTimestamp.Max(latest.GetValueOrDefault(what), at);
        }
    }

    /// <summary>Compares an answer to <c>info/collections</c> with what had been acknowledged before it was asked for.</summary>
    public void CheckInfo(string json, Dictionary<string, SyncTimestamp> latest, bool isFinal = false)
    {
        var info = JsonDocument.Parse(json).RootElement;
        foreach (var (collection, at) in latest.Where(pair => !pair.Key.Contains('/')))
        {
            var told = info.TryGetProperty(collection, out var value) ? Timestamp(value) : SyncTimestamp.Zero;
            if (told < at) Violation($"info/collections has {collection} at {told}, although {at} was acknowledged");
            if (isFinal && told != at && !HasUnknown(collection)) Violation($"in the end {collection} is at {told}, not {at}");
        }
    }

    /// <summary>Compares a whole collection with what had been acknowledged before it was asked for.</summary>
    public void CheckPage(string collection, SyncResponse page, Dictionary<string, SyncTimestamp> latest, Func<string, bool> isNeverDeleted)
    {
        var items = Items(page);
        var modified = page.LastModified ?? SyncTimestamp.Zero;
        foreach (var (id, item) in items)
        {
            if (item.Modified > modified) Violation($"{collection} at {modified} has {id} of {item.Modified}");
        }

        foreach (var tag in items.Values.GroupBy(item => item.Payload).Where(tag => tag.DistinctBy(item => item.Modified).Count() > 1))
            Violation($"{tag.Key} was written at several times");
        foreach (var (what, at) in latest)
        {
            if (what.Split('/') is not [var name, var id] || name != collection || !isNeverDeleted(id)) continue;
            if (!items.TryGetValue(id, out var item)) Violation($"{what} of {at} is missing");
            else if (item.Modified < at) Violation($"{what} is of {item.Modified}, although {at} was acknowledged");
        }
    }

    /// <summary>Compares the last state of a collection with all that was written.</summary>
    public void CheckEnd(string collection, SyncResponse page)
    {
        var items = Items(page);
        foreach (var id in writes.Where(write => write.Collection == collection).SelectMany(write => write.Items.Keys).Distinct())
        {
            var touching = writes.Where(write => write.Collection == collection && write.Items.ContainsKey(id)).ToList();
            var last = touching.Where(write => write.At is not null).MaxBy(write => write.At!.Value.Milliseconds);
            var (payload, modified) = items.GetValueOrDefault(id);
            var asAcknowledged = payload == last?.Items[id] && (payload is null || modified == last!.At);
            var asUnknown = touching.Any(write => write.At is null && write.Items[id] == payload && (payload is null || last is null || modified > last.At));
            if (!asAcknowledged && !asUnknown) Violation($"in the end {collection}/{id} is {payload ?? "gone"} of {modified}, not {last}");
        }
    }

    private bool HasUnknown(string collection) => writes.Any(write => write.At is null && write.Collection == collection);

    private static Dictionary<string, (string Payload, SyncTimestamp Modified)> Items(SyncResponse page) =>
        JsonDocument.Parse(page.Body).RootElement.EnumerateArray().ToDictionary(
            item => item.GetProperty("id").GetString()!,
            item => (item.GetProperty("payload").GetString()!, Timestamp(item.GetProperty("modified"))));

    private static SyncTimestamp Timestamp(JsonElement value) =>
        SyncTimestamp.TryParse(value.GetRawText(), out var timestamp) ? timestamp : throw new FormatException(value.GetRawText());
}
