using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Protocol;

/// <summary>What a POST holds: the items to write, and why others are not.</summary>
internal sealed record ItemBatch(IReadOnlyList<ItemChange> Items, IReadOnlyDictionary<string, string> Failed);

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
        using var document = Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);
        if (Read(route.Id, document.RootElement, out var item) is not null) throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);
        if (Size(item) > limits.MaxRecordPayloadBytes) throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);
        CheckKeys(route.Collection, item);
        return item;
    }

    /// <summary>Reads the items of a POST.</summary>
    /// <exception cref="SyncReplyException">The whole request is unusable.</exception>
    public static ItemBatch ReadMany(SyncRoute route, ReadOnlyMemory<byte> body, bool newlines, Limits limits)
    {
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

        return new ItemBatch(reading.Items, reading.Failed);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        // One line end after the last record is its own; the rest of the body has none that is not between two records.
        if (body.Length > 1 && body.Span[^1] == (byte)'\n') body = body[..^1];
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            yield return end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
        }
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
            if (field.Value.ValueKind == JsonValueKind.Null && Name(field) is not null and not "id") continue;
            switch (Name(field))
            {
                case "id" or "modified" or "collection":
                    break;
                case "payload" when Text(field.Value) is { } payload:
                    item = item with { Payload = payload };
                    break;
                case "sortindex" when Number(field.Value) is { } index && Math.Abs(index) <= LongestSortIndex:
                    item = item with { SortIndex = (int)index };
                    break;
                case "ttl" when Number(field.Value) is >= 0 and <= LongestTtlSeconds and var ttl:
                    item = item with { TtlSeconds = ttl };
                    break;
                case "payload" or "sortindex" or "ttl":
                    return $"invalid {field.Name}";
                default:
                    return "unknown field";
            }
        }

        return null;
    }

    private static long? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && Math.Abs((decimal)number) <= LongestTtlSeconds
            ? number
            : null;

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

    private static string? Name(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            // As with texts: such a name is none of ours.
            return null;
        }
    }

    private static int Size(ItemChange item) => item.Payload is null ? 0 : Encoding.UTF8.GetByteCount(item.Payload);

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
        private int bytes;

        public List<ItemChange> Items { get; } = [];

        public Dictionary<string, string> Failed { get; } = new(StringComparer.Ordinal);

        public void Add(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object
                || element.EnumerateObject().LastOrDefault(field => Name(field) == "id") is not { Value.ValueKind: JsonValueKind.String } field
                || Text(field.Value) is not { } id
                || !seen.Add(id))
            {
                throw SyncReplyException.BadRequest(ErrorBody.InvalidItem);
            }

            if (!SyncRoute.IsId(id)) Failed[id] = "invalid id";
            else if (Read(id, element, out var item) is { } reason) Failed[id] = reason;
            else Add(item);
        }

        private void Add(ItemChange item)
        {
            CheckKeys(route.Collection, item);
            var size = Size(item);
            if (size > limits.MaxRecordPayloadBytes)
            {
                Failed[item.Id] = "payload too large";
                return;
            }

            if (Items.Count >= limits.MaxPostRecords)
            {
                Failed[item.Id] = "retry bso";
                return;
            }

            if (bytes + size > limits.MaxPostBytes)
            {
                Failed[item.Id] = "retry bytes";
                return;
            }

            bytes += size;
            Items.Add(item);
        }
    }
}
