using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Aws;

/// <summary>The identity of a job of GitHub Actions with the permission <c>id-token: write</c>. Its tokens last for minutes: each session asks for its own.</summary>
/// <param name="requestUrl">Where the job asks for a token (<c>ACTIONS_ID_TOKEN_REQUEST_URL</c>).</param>
/// <param name="requestToken">What lets it (<c>ACTIONS_ID_TOKEN_REQUEST_TOKEN</c>); a secret.</param>
/// <param name="run">The run's id, for the session's name; null if unknown.</param>
/// <param name="handler">Replaces the network, in tests.</param>
internal sealed class GitHubIdentity(Uri requestUrl, Secret requestToken, string? run, HttpMessageHandler? handler = null)
{
    private const string Audience = "sts.amazonaws.com";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The run's id, or null.</summary>
    public string? Run => run;

    /// <summary>The identity of this job; null elsewhere, and in jobs that may not ask.</summary>
    public static GitHubIdentity? OfThisJob() =>
        Uri.TryCreate(Environment.GetEnvironmentVariable("ACTIONS_ID_TOKEN_REQUEST_URL"), UriKind.Absolute, out var url)
        && Environment.GetEnvironmentVariable("ACTIONS_ID_TOKEN_REQUEST_TOKEN") is { Length: > 0 } token
            ? new GitHubIdentity(url, new Secret(token), Environment.GetEnvironmentVariable("GITHUB_RUN_ID"))
            : null;

    /// <summary>A new token.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.WrongAccount"/>: GitHub gave none.</exception>
    public async Task<string> TokenAsync()
    {
        using var http = handler is null ? new HttpClient() : new HttpClient(handler, disposeHandler: false);
        http.Timeout = Patience;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{requestUrl}{(requestUrl.Query.Length > 0 ? "&" : "?")}audience={Audience}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", requestToken.Reveal());
        try
        {
            using var response = await http.SendAsync(request);
            if (response.IsSuccessStatusCode && (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())?["value"] is { Length: > 0 } token) return token;
            throw Refused($"it answered {(int)response.StatusCode}");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
        {
            throw Refused(failure.Message);
        }
    }

    private static PipelineException Refused(string lastSeen) => new(
        ErrorCode.WrongAccount, "GitHub gave no identity token to assume the role with.", lastSeen, "The job needs the permission id-token: write.");
}
