using System.Buffers;
using System.Text;
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
        using (var writer = new Utf8JsonWriter(buffer, Options)) PageWriter.WriteFull(writer, Encoding.ASCII.GetBytes(item.Id), item.Modified, Encoding.UTF8.GetBytes(item.Payload), item.SortIndex);
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
}
