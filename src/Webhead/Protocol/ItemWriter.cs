using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Writes items and lists as JSON, or one a line.</summary>
internal static class ItemWriter
{
    // Payloads are encrypted base64 in JSON: escaping every quote as \u0022 would only make them longer.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>One item.</summary>
    public static ReadOnlyMemory<byte> Write(Item item)
    {
        var buffer = new ArrayBufferWriter<byte>(item.Payload.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer, Options)) WriteFull(writer, item);
        return buffer.WrittenMemory;
    }

    /// <summary>A list of items, or of their ids alone.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Item> items, bool full, bool newlines)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Options);
        if (!newlines) writer.WriteStartArray();
        foreach (var item in items)
        {
            if (full) WriteFull(writer, item);
            else writer.WriteStringValue(item.Id);
            if (!newlines) continue;
            writer.Flush();
            writer.Reset();
            buffer.Write("\n"u8);
        }

        if (!newlines) writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>An object of numbers by name, already written.</summary>
    public static string Map(IEnumerable<KeyValuePair<string, string>> values) =>
        // Names are collections: nothing in them needs escaping.
        "{" + string.Join(",", values.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";

    /// <summary>The answer to a POST: with its timestamp if it wrote, with the batch if that is still open.</summary>
    public static ReadOnlyMemory<byte> WriteOutcome(SyncTimestamp? modified, string? batch, PostedItems posted)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        if (batch is not null) writer.WriteString("batch", batch);
        if (modified is { } timestamp)
        {
            writer.WritePropertyName("modified");
            writer.WriteRawValue(timestamp.ToString());
        }

        writer.WriteStartArray("success");
        foreach (var item in posted.Items) writer.WriteStringValue(item.Id);
        writer.WriteEndArray();
        writer.WriteStartObject("failed");
        foreach (var (id, reason) in posted.Failed) writer.WriteString(id, reason);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteFull(Utf8JsonWriter writer, Item item)
    {
        writer.WriteStartObject();
        writer.WriteString("id", item.Id);
        writer.WritePropertyName("modified");
        writer.WriteRawValue(item.Modified.ToString());
        writer.WriteString("payload", item.Payload);
        if (item.SortIndex is { } index) writer.WriteNumber("sortindex", index);
        writer.WriteEndObject();
    }
}
