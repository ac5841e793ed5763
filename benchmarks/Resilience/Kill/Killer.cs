using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Kill;

/// <summary>
/// LocalCloud's hook: counts the calls of a deployment that change something, and at the chosen one ends its process with SIGKILL, before the
/// call is carried out or before its answer is sent.
/// </summary>
internal sealed class Killer : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;
    private readonly Process victim;
    private readonly Func<IReadOnlyList<string>, bool> isIt;
    private string? last;
    private readonly List<string> calls = [];

    /// <param name="port">Where it listens.</param>
    /// <param name="victim">Who is killed.</param>
    /// <param name="isIt">Whether the last of the calls so far is the one.</param>
    private Killer(int port, Process victim, Func<IReadOnlyList<string>, bool> isIt)
    {
        (this.victim, this.isIt) = (victim, isIt);
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (calls) return [.. calls];
        }
    }

    /// <summary>The call at which it killed; null if it did not.</summary>
    public string? Last => Volatile.Read(ref last);

    /// <summary>Hooks itself into the cloud, and has the deployment started only then.</summary>
    /// <param name="cluster">The cluster; its LocalCloud runs.</param>
    /// <param name="start">Starts the deployment.</param>
    /// <param name="isIt">Whether it is killed at the last of the calls so far.</param>
    /// <param name="when">Before the call is carried out, or after it, before its answer.</param>
    public static async Task<Killer> StartAsync(Cluster cluster, Func<Process> start, Func<IReadOnlyList<string>, bool> isIt, Moment when)
    {
        using var control = new Control(cluster);
        var port = Cluster.FreePort();
        await control.AddAsync($$"""{"kind": "{{(when == Moment.Before ? "hook-before" : "hook-after")}}", "mutating": true, "count": null, "url": "http://127.0.0.1:{{port}}/"}""");
        return new Killer(port, start(), isIt);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
    }

    private async Task ServeAsync()
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
                // It was stopped, while it waited or before.
                return;
            }

            var allowed = await AllowAsync(context.Request);
            try
            {
                context.Response.StatusCode = allowed ? 200 : 410;
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The cloud does not wait for the word on a call whose caller is gone.
            }
        }
    }

    /// <summary>Whether the call goes on. One after the other: a killed deployment's other calls are not carried out either.</summary>
    private async Task<bool> AllowAsync(HttpListenerRequest request)
    {
        var call = (await JsonNode.ParseAsync(request.InputStream))!;
        var (name, key) = ($"{call["service"]}:{call["operation"]}", (string?)call["key"]);

        // A lease is renewed when its time has come, not at a step of the deployment.
        var isRenewal = key == "state/lock.json" && Calls.Any(seen => seen.EndsWith(key, StringComparison.Ordinal));
        if (victim.HasExited) return false;
        if (isRenewal) return true;
        lock (calls)
        {
            calls.Add(key is null ? name : $"{name} {key}");
            if (!isIt(calls)) return true;
            Volatile.Write(ref last, $"{calls.Count} {calls[^1]}");
        }

        victim.Kill();
        await victim.WaitForExitAsync();
        return false;
    }
}

