using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>A request as it came: nothing decoded that a signature covers.</summary>
internal sealed class WireRequest
{
    private readonly HttpRequest request;

    public WireRequest(HttpContext context)
    {
        request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        RawPath = mark < 0 ? target : target[..mark];
        Query = mark < 0 ? [] : ParsePairs(target[(mark + 1)..], plusIsSpace: false);
        Signature = RequestSignature.Of(request, Query);
        PayloadHash = Signature is { Presigned: true } ? "UNSIGNED-PAYLOAD" : SigV4.EmptyHash;
        if (Header("x-amz-content-sha256") is { Length: > 0 } stated) PayloadHash = stated;
    }

    public string Method => request.Method;

    /// <summary>The path with its escapes.</summary>
    public string RawPath { get; }

    /// <summary>The decoded query, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; }

    public RequestSignature? Signature { get; }

    /// <summary>The payload hash that the signature covers: S3 states it, for others it is computed from the body.</summary>
    public string PayloadHash { get; set; }

    public IEnumerable<string> HeaderNames => request.Headers.Keys;

    public Stream Body => request.Body;

    /// <summary>A header's value, several joined by commas; null if it was not sent.</summary>
    public string? Header(string name) =>
        request.Headers.TryGetValue(name, out var values) ? string.Join(",", values.ToArray()) : null;

    public string? QueryValue(string name) => Query.FirstOrDefault(pair => pair.Key == name).Value;

    public bool HasQuery(string name) => Query.Any(pair => pair.Key == name);

    /// <summary>Reads <c>a=b&amp;c=d</c>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ParsePairs(string text, bool plusIsSpace)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(KeyValuePair.Create(Decode(equals < 0 ? part : part[..equals]), equals < 0 ? "" : Decode(part[(equals + 1)..])));
        }

        return pairs;

        string Decode(string value) => Uri.UnescapeDataString(plusIsSpace ? value.Replace('+', ' ') : value);
    }
}
