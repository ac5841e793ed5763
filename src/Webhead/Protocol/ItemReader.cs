using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Protocol;

/// <summary>What a POST holds: the items to write, and why others are not.</summary>
internal sealed record PostedItems(IReadOnlyList<ItemChange> Items, IReadOnlyDictionary<string, string> Failed)
{
    /// <summary>How many bytes of payload the items to write have.</summary>
    public long Bytes => Items.Sum(item => (long)item.PayloadBytes);
}

/// <summary>Reads items from the bodies of requests.</summary>
internal static partial class ItemReader
{
    private const string CryptoCollection = "crypto";
    private const int LongestSortIndex = 999_999_999;
    private const long LongestTtlSeconds = 999_999_999;

    /// <summary>Reads the item of a PUT; the URL's id wins over one in the body.</summary>
    /// <exception cref="SyncReplyException">It is no item.</exception>
    public static ItemChange ReadOne(SyncRoute route, ReadOnlyMemory<byte> body, Limits limits)
    {
        CheckText(body);
        using var document = Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || Read(route.Id, document.RootElement, out var item) is not null
            || item.PayloadBytes > limits.MaxRecordPayloadBytes)
        {
            throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);
        }

        CheckKeys(route.Collection, item);
        return item;
    }

    /// <summary>Reads the items of a POST.</summary>
    /// <exception cref="SyncReplyException">The whole request is unusable.</exception>
    public static PostedItems ReadMany(SyncRoute route, ReadOnlyMemory<byte> body, bool newlines, Limits limits)
    {
        CheckText(body);
        var reading = new Reading(route, limits);
        if (newlines)
        {
            foreach (var line in Lines(body))
            {
                using var document = Parse(line);
                reading.Add(document.RootElement);
            }
        }
        else
        {
            using var document = Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);
            foreach (var element in document.RootElement.EnumerateArray()) reading.Add(element);
        }

        return new PostedItems(reading.Items, reading.Failed);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        // One line end after the last record is its own; the rest of the body has none that is not between two records.
        if (body.Length > 1 && body.Span[^1] == (byte)'\n') body = body[..^1];
        if (body.IsEmpty) yield break;
        int end;
        while ((end = body.Span.IndexOf((byte)'\n')) >= 0)
        {
            yield return body[..end];
            body = body[(end + 1)..];
        }

        yield return body;
    }

    /// <summary>Refuses what is not UTF-8; the parser would notice only where a text is taken out.</summary>
    private static void CheckText(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw SyncReplyException.BadRequest(ErrorBody.MalformedJson);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw SyncReplyException.BadRequest(ErrorBody.MalformedJson);
        }
    }

    /// <summary>Reads one item; returns what is wrong with it, or null.</summary>
    private static string? Read(string id, JsonElement element, out ItemChange item)
    {
        item = new ItemChange(id);
        foreach (var field in element.EnumerateObject())
        {
            if (Is(field, "payload"u8))
            {
                if (!IsSent(field.Value)) item = item with { Payload = null, PayloadBytes = 0 };
                else if (Text(field.Value) is { } payload) item = item with { Payload = payload, PayloadBytes = Encoding.UTF8.GetByteCount(payload) };
                else return "invalid payload";
            }
            else if (Is(field, "sortindex"u8))
            {
                if (!IsWhole(field.Value, -LongestSortIndex, LongestSortIndex, out var index)) return "invalid sortindex";
                item = item with { SortIndex = (int?)index };
            }
            else if (Is(field, "ttl"u8))
            {
                if (!IsWhole(field.Value, 0, LongestTtlSeconds, out var ttl)) return "invalid ttl";
                item = item with { TtlSeconds = ttl };
            }
            else if (!Is(field, "id"u8) && !Is(field, "modified"u8) && !Is(field, "collection"u8))
            {
                return "unknown field";
            }
        }

        return null;
    }

    /// <summary>A field that is null was not sent.</summary>
    private static bool IsSent(JsonElement value) => value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether it is a whole number in the range, or null. A text that looks like one is none.</summary>
    private static bool IsWhole(JsonElement value, long least, long most, out long? number)
    {
        number = null;
        if (!IsSent(value)) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var read) || read < least || read > most) return false;
        number = read;
        return true;
    }

    private static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON can spell it, UTF-8 can't hold it.
            return null;
        }
    }

    private static bool Is(JsonProperty field, ReadOnlySpan<byte> name)
    {
        try
        {
            return field.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            // As with texts: such a name is none of ours.
            return false;
        }
    }

    /// <summary>Refuses keys that were encrypted with an empty initialisation vector: a broken client would lock the user out.</summary>
    private static void CheckKeys(string collection, ItemChange item)
    {
        if (collection == CryptoCollection && item.Payload is not null && EmptyVector().IsMatch(item.Payload))
            throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);
    }

    [GeneratedRegex("\"IV\":\\s*\"AAAAAAAAAAAAAAAAAAAAAA==\"")]
    private static partial Regex EmptyVector();

    private sealed class Reading(SyncRoute route, Limits limits)
    {
        private readonly HashSet<string> seen = new(StringComparer.Ordinal);
        private long bytes;

        public List<ItemChange> Items { get; } = [];

        public Dictionary<string, string> Failed { get; } = new(StringComparer.Ordinal);

        public void Add(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object || ReadId(element) is not { } id || !seen.Add(id))
                throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);

            if (!SyncRoute.IsId(id)) Failed[id] = "invalid id";
            else if (Read(id, element, out var item) is { } reason) Failed[id] = reason;
            else Add(item);
        }

        /// <summary>The element's id, the last if it has several; null if it has none that is a text.</summary>
        private static string? ReadId(JsonElement element)
        {
            string? id = null;
            foreach (var field in element.EnumerateObject())
            {
                if (Is(field, "id"u8)) id = Text(field.Value);
            }

            return id;
        }

        private void Add(ItemChange item)
        {
            CheckKeys(route.Collection, item);
            if (item.PayloadBytes > limits.MaxRecordPayloadBytes)
            {
                Failed[item.Id] = "payload too large";
                return;
            }

            // Both limits go by the place in the request, as the client counts: what was refused before has its place too.
            if (seen.Count > limits.MaxPostRecords)
            {
                Failed[item.Id] = "retry bso";
                return;
            }

            bytes += item.PayloadBytes;
            if (bytes > limits.MaxPostBytes) Failed[item.Id] = "retry bytes";
            else Items.Add(item);
        }
    }
}
