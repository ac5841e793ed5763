using System.Net;
using System.Net.Http;
using System.Text;

namespace SyncStorage.Pipeline.Hooks;

/// <summary>Sends a hook's report to a URL. The URL may hold a token: only its host is ever shown.</summary>
public sealed class Webhook(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // What a redirect leads to is not what the settings name.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends it; once more if the other side could not be reached or was not well.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="body">JSON.</param>
    /// <param name="timeout">How long both attempts may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public async Task<HookResult> SendAsync(Uri url, string body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var (result, again) = await AttemptAsync(url, body, either.Token);
            if (!again) return result;
            await Task.Delay(Pause, time, either.Token);
            return (await AttemptAsync(url, body, either.Token)).Result;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new HookResult($"did not answer within {timeout.TotalSeconds:0.#} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<(HookResult Result, bool Again)> AttemptAsync(Uri url, string body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(url, content, cancellationToken);
            if (response.IsSuccessStatusCode) return (HookResult.Success, false);
            var answer = HookResult.Tail(await response.Content.ReadAsStringAsync(cancellationToken));
            return (new HookResult($"answered {(int)response.StatusCode}", answer), response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError);
        }
        catch (HttpRequestException exception)
        {
            return (new HookResult($"could not be reached ({exception.HttpRequestError})"), true);
        }
    }
}
