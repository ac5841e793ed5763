using System.Globalization;
using Microsoft.Net.Http.Headers;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Reads a request's body within the limits, and decides what types of bodies go in and out.</summary>
internal static class RequestBody
{
    private static readonly string[] CountHeaders = ["X-Weave-Records", "X-Weave-Bytes", "X-Weave-Total-Records", "X-Weave-Total-Bytes"];

    /// <exception cref="SyncReplyException">It is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, Limits limits)
    {
        if (request.ContentLength > limits.MaxRequestBytes) throw TooLarge();
        using var buffer = new MemoryStream((int)(request.ContentLength ?? 4096));
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > limits.MaxRequestBytes) throw TooLarge();
            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>Whether the body is one item a line.</summary>
    /// <exception cref="SyncReplyException">Its type is not one that is read here.</exception>
    public static bool IsNewlines(HttpRequest request, bool mayBeNewlines)
    {
        if (string.IsNullOrEmpty(request.ContentType)) return false;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) throw Unsupported();
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            SyncReply.Json or "text/plain" => false,
            SyncReply.Newlines when mayBeNewlines => true,
            _ => throw Unsupported(),
        };
    }

    /// <summary>Whether the client wants one item a line.</summary>
    /// <exception cref="SyncReplyException">It wants something else altogether.</exception>
    public static bool WantsNewlines(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (string.IsNullOrWhiteSpace(accept)) return false;
        var ranges = accept.Split(',');
        var (json, newlines) = (Preference.For(SyncReply.Json, ranges), Preference.For(SyncReply.Newlines, ranges));
        if (json.Quality <= 0 && newlines.Quality <= 0) throw NotAcceptable();
        return newlines.Quality > json.Quality || (newlines.Quality == json.Quality && newlines.Place < json.Place);
    }

    /// <summary>Refuses a POST that announces more than the limits.</summary>
    public static void CheckAnnounced(HttpRequest request, Limits limits)
    {
        long[] most = [limits.MaxPostRecords, limits.MaxPostBytes, limits.MaxTotalRecords, limits.MaxTotalBytes];
        foreach (var (header, limit) in CountHeaders.Zip(most))
        {
            if (!request.Headers.TryGetValue(header, out var values)) continue;
            if (!long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var announced))
                throw SyncReplyException.BadRequest();
            if (announced > limit) throw SyncReplyException.BadRequest(ErrorBody.SizeLimit);
        }
    }

    private static SyncReplyException TooLarge() =>
        new(SyncReply.Error(StatusCodes.Status413PayloadTooLarge, ErrorBody.SizeLimit));

    private static SyncReplyException Unsupported() => new(SyncReply.Error(StatusCodes.Status415UnsupportedMediaType));

    private static SyncReplyException NotAcceptable() => new(SyncReply.Error(StatusCodes.Status406NotAcceptable));
}
