using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Protocol;

/// <summary>
/// Makes the answer to a page from its items, as JSON or one a line. It is kept in memory until it is whole, and what is of no
/// reasonable size is not: a page with a limit ends early, and tells where the next starts; one without is sent as it comes.
/// </summary>
internal sealed class PageWriter(SyncCall call, ItemQuery query, bool newlines) : IItemSink, IDisposable
{
    private const int MostBytesAtOnce = 4 * 1024 * 1024;
    private const int MostBytesOfPage = 8 * 1024 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText ModifiedName = JsonEncodedText.Encode("modified");
    private static readonly JsonEncodedText PayloadName = JsonEncodedText.Encode("payload");
    private static readonly JsonEncodedText SortIndexName = JsonEncodedText.Encode("sortindex");

    private readonly PooledBuffer buffer = new();
    private Utf8JsonWriter? json;
    private SyncTimestamp collection;
    private SyncTimestamp last;
    private int count;
    private int trailing;
    private bool more;
    private bool isStarted;

    public bool IsFull => buffer.Written.Length + (json?.BytesPending ?? 0) >= (query.Limit is null ? MostBytesAtOnce : MostBytesOfPage);

    private Utf8JsonWriter Json => json ?? throw new InvalidOperationException("The page has not begun.");

    public void Begin(SyncTimestamp collection)
    {
        call.Preconditions.Check(collection);
        this.collection = collection;
        json = new Utf8JsonWriter(buffer, Options);
        if (!newlines) json.WriteStartArray();
    }

    public void Add(ReadOnlySpan<byte> id, SyncTimestamp modified, ReadOnlySpan<byte> payload, int? sortIndex)
    {
        // Rows that share their time may be spread over pages: the next one starts at it, and skips those already sent.
        trailing = modified == last && count > 0 ? trailing + 1 : 1;
        last = modified;
        count++;
        if (query.Full) WriteFull(Json, id, modified, payload, sortIndex);
        else Json.WriteStringValue(id);
        if (!newlines) return;
        Json.Flush();
        Json.Reset();
        buffer.Write("\n"u8);
    }

    public async Task DrainAsync(Func<Task<long>> count, CancellationToken cancellationToken)
    {
        if (!isStarted)
        {
            var all = await count();
            (Head(all) with { LastModified = collection }).Start(call.Http, SyncTimestamp.Now(call.Time));
            isStarted = true;
        }

        Json.Flush();
        if (call.Http.Request.Method != HttpMethods.Head) await call.Http.Response.Body.WriteAsync(buffer.Written, cancellationToken);
        buffer.Clear();
    }

    public void End(bool more)
    {
        this.more = more && count > 0;
        if (!newlines) Json.WriteEndArray();
        Json.Flush();
    }

    /// <summary>The answer, or what is left of it to send. It owns this.</summary>
    public SyncReply Reply()
    {
        var reply = Head(count) with { Body = buffer.Written, LastModified = collection, Owner = this, IsRest = isStarted };
        return more ? reply with { Headers = [.. reply.Headers, new("X-Weave-Next-Offset", NextOffset())] } : reply;
    }

    public void Dispose()
    {
        json?.Dispose();
        buffer.Dispose();
    }

    /// <summary>Writes one whole item.</summary>
    public static void WriteFull(Utf8JsonWriter json, ReadOnlySpan<byte> id, SyncTimestamp modified, ReadOnlySpan<byte> payload, int? sortIndex)
    {
        Span<byte> number = stackalloc byte[32];
        modified.TryFormat(number, out var length);
        json.WriteStartObject();
        json.WriteString(IdName, id);
        json.WritePropertyName(ModifiedName);
        json.WriteRawValue(number[..length], skipInputValidation: true);
        json.WriteString(PayloadName, payload);
        if (sortIndex is { } index) json.WriteNumber(SortIndexName, index);
        json.WriteEndObject();
    }

    private SyncReply Head(long records) => new(StatusCodes.Status200OK, default)
    {
        ContentType = newlines ? SyncReply.Newlines : SyncReply.Json,
        Headers = [new("X-Weave-Records", Text(records))],
    };

    private string NextOffset()
    {
        var skipped = query.Start?.Skip ?? 0;
        if (query.Order == ItemOrder.Index) return Text(skipped + count);
        var skip = trailing == count && query.Start?.Bound == last ? trailing + skipped : trailing;
        return $"{Text(last.Milliseconds)}:{Text(skip)}";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
