using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>
/// Writes requests and responses to a file, one JSON object a line, for tests that judge the traffic. It holds secrets
/// (mode 0600) and is off unless asked for.
/// </summary>
internal sealed class Recorder(string path) : IDisposable
{
    private const int LargestBody = 256 * 1024;

    /// <summary>Marks a call whose answer never reaches its client.</summary>
    public static readonly object Dropped = new();

    private readonly Lock gate = new();
    private readonly FileStream stream = new(path, PrivateFile.Options(FileMode.Append, FileShare.ReadWrite));

    public void Dispose() => stream.Dispose();

    /// <summary>Notes what passes through until the call is done, then writes it.</summary>
    public async Task RecordAsync(HttpContext context, string rawTarget, Func<Task> handle)
    {
        var (requestBody, responseBody) = (context.Request.Body, context.Response.Body);
        using var sent = new TeeStream(requestBody);
        using var answered = new TeeStream(responseBody);
        (context.Request.Body, context.Response.Body) = (sent, answered);
        try
        {
            await handle();
        }
        finally
        {
            (context.Request.Body, context.Response.Body) = (requestBody, responseBody);
            Write(context, rawTarget, sent, answered);
        }
    }

    private void Write(HttpContext context, string rawTarget, TeeStream sent, TeeStream answered)
    {
        var line = new JsonObject
        {
            ["method"] = context.Request.Method,
            ["path"] = rawTarget,
            ["scope"] = Scope(context.Request),
            ["requestHeaders"] = Headers(context.Request.Headers),
            ["requestBody"] = Convert.ToBase64String(sent.Copy),
            ["requestComplete"] = !sent.Truncated,
            ["status"] = context.Response.StatusCode,
            ["responseHeaders"] = Headers(context.Response.Headers),
            ["responseBody"] = Convert.ToBase64String(answered.Copy),
            ["responseComplete"] = !answered.Truncated && !context.Items.ContainsKey(Dropped),
        };
        var bytes = Encoding.UTF8.GetBytes(line.ToJsonString(JsonSerializerOptions.Default) + "\n");
        lock (gate)
        {
            if (!stream.CanWrite) return;
            stream.Write(bytes);
            stream.Flush();
        }
    }

    // The service is only named in the credential scope, which stands in what is left out.
    private static string? Scope(HttpRequest request)
    {
        var credential = request.Headers.Authorization.ToString().Split("Credential=") is [_, var rest] ? rest.Split(',')[0] : request.Query["X-Amz-Credential"].ToString();
        return credential.Split('/') is [_, _, _, var service, _] ? service : null;
    }

    private static JsonObject Headers(IHeaderDictionary headers) => new(headers
        .Where(header => !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals("x-amz-security-token", StringComparison.OrdinalIgnoreCase))
        .Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value.ToString())));

    /// <summary>Keeps a copy of the beginning of what passes.</summary>
    private sealed class TeeStream(Stream inner) : PassingStream(inner)
    {
        private readonly MemoryStream copy = new();

        public byte[] Copy => copy.ToArray();

        public bool Truncated { get; private set; }

        protected override void Passed(ReadOnlySpan<byte> data)
        {
            var room = LargestBody - (int)copy.Length;
            if (data.Length > room) Truncated = true;
            copy.Write(data[..Math.Min(room, data.Length)]);
        }
    }
}
