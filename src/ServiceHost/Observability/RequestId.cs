namespace SyncStorage.ServiceHost.Observability;

/// <summary>The number under which a request is found in logs: the one that it came with, or the server's own.</summary>
internal static class RequestId
{
    /// <summary>The header that carries it, both ways.</summary>
    public const string Header = "X-Request-Id";

    private const int Longest = 64;

    /// <summary>Makes the request's number its <see cref="HttpContext.TraceIdentifier"/>, and tells it in the answer.</summary>
    public static void Assign(HttpContext http)
    {
        if (http.Request.Headers.TryGetValue(Header, out var values) && values is [{ } given] && IsHarmless(given)) http.TraceIdentifier = given;
        http.Response.Headers[Header] = http.TraceIdentifier;
    }

    // It goes into logs: nothing that could be taken for something else there.
    private static bool IsHarmless(string text) =>
        text.Length is > 0 and <= Longest && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or ':' or '=');
}
