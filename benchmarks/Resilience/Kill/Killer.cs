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
    private readonly int at;
    private readonly List<string> calls = [];

    /// <param name="port">Where it listens.</param>
    /// <param name="victim">Who is killed.</param>
    /// <param name="at">At which call, counted from 1; 0 only counts.</param>
    private Killer(int port, Process victim, int at)
    {
        (this.victim, this.at) = (victim, at);
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

    /// <summary>Hooks itself into the cloud, and has the deployment started only then.</summary>
    /// <param name="cluster">The cluster; its LocalCloud runs.</param>
    /// <param name="start">Starts the deployment.</param>
    /// <param name="at">At which call it is killed.</param>
    /// <param name="when">Before the call is carried out, or after it, before its answer.</param>
    public static async Task<Killer> StartAsync(Cluster cluster, Func<Process> start, int at, Moment when)
    {
        using var control = new Control(cluster);
        var port = Cluster.FreePort();
        await control.AddAsync($$"""{"kind": "{{(when == Moment.Before ? "hook-before" : "hook-after")}}", "mutating": true, "count": null, "url": "http://127.0.0.1:{{port}}/"}""");
        return new Killer(port, start(), at);
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
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            context.Response.StatusCode = await AllowAsync(context.Request) ? 200 : 410;
            context.Response.Close();
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
        int number;
        lock (calls)
        {
            calls.Add(key is null ? name : $"{name} {key}");
            number = calls.Count;
        }

        if (number != at) return true;
        victim.Kill();
        await victim.WaitForExitAsync();
        return false;
    }
}

