using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.EndToEnd.Tests.Moto;

/// <summary>What gives credentials or tokens over HTTP: the portal of IAM Identity Center, and GitHub to a job of its own.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    /// <summary>What a job must show, or who has signed in.</summary>
    public const string Bearer = "signed-in";

    private readonly HttpListener listener = new();
    private readonly Task serving;

    /// <param name="answer">What it gives, by the request's path; null for nothing.</param>
    public Issuer(Func<string, JsonObject?> answer)
    {
        Endpoint = new Uri($"http://127.0.0.1:{Cluster.FreePort()}/");
        listener.Prefixes.Add($"{Endpoint}");
        listener.Start();
        serving = ServeAsync(answer);
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
    }

    private async Task ServeAsync(Func<string, JsonObject?> answer)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // It was stopped.
                return;
            }

            var shown = context.Request.Headers["x-amz-sso_bearer_token"] ?? context.Request.Headers["Authorization"]?.Replace("Bearer ", "", StringComparison.Ordinal);
            var body = shown == Bearer ? answer(context.Request.Url!.PathAndQuery) : null;
            context.Response.StatusCode = body is null ? 403 : 200;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body?.ToJsonString() ?? "{}"));
            context.Response.Close();
        }
    }
}
