using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SyncStorage.EndToEnd.Tests.Moto;

/// <summary>moto's server, somebody else's AWS: on a free port of the loopback address, and gone with this.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    /// <summary>The account that it is; as LocalCloud's.</summary>
    public const string Account = "000000000000";

    private const string GapPrefix = "gap: ";
    private const int Looks = 300;

    // A script of that name is on the path where moto is installed with its server; whose Python has it, only a try tells.
    private static readonly string[] Interpreters = ["python3", "/usr/local/bin/python3", "/usr/bin/python3"];

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly List<string> gaps = [];

    private MotoServer(Process process, Uri endpoint)
    {
        (this.process, Endpoint) = (process, endpoint);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; }

    /// <summary>The operations that moto lacks and that were asked for.</summary>
    public IReadOnlyList<string> Gaps
    {
        get
        {
            lock (output) return [.. gaps.Distinct().Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>What it printed, for who must find out.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Starts it. Ignores the test, visibly, where there is no moto.</summary>
    public static async Task<MotoServer> StartAsync()
    {
        if (await FindAsync() is not { } python)
        {
            Assert.Ignore($"Nothing is run against moto: no moto with its server in {string.Join(", ", Interpreters)}.");
            throw new InvalidOperationException("Assert.Ignore does not return.");
        }

        var port = Cluster.FreePort();
        var script = Path.Combine(TestContext.CurrentContext.TestDirectory, "Moto", "server.py");
        var start = new ProcessStartInfo(python, ["-B", "-u", script, port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MOTO_ACCOUNT_ID"] = Account, ["AWS_DEFAULT_REGION"] = "us-east-1" },
        };
        var server = new MotoServer(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}/"));
        try
        {
            await server.UntilAnsweringAsync();
            return server;
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (output)
        {
            output.AppendLine(line);
            if (line.StartsWith(GapPrefix, StringComparison.Ordinal)) gaps.Add(line[GapPrefix.Length..]);
        }
    }

    private async Task UntilAnsweringAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var looks = 0; looks < Looks && !process.HasExited; looks++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Endpoint, "moto-api/data.json"));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new HarnessException($"moto did not start: {Output}");
    }

    private static async Task<string?> FindAsync()
    {
        foreach (var candidate in Interpreters)
        {
            var start = new ProcessStartInfo(candidate, ["-c", "import moto.server"]) { RedirectStandardError = true };
            try
            {
                using var look = Process.Start(start)!;
                await look.StandardError.ReadToEndAsync();
                await look.WaitForExitAsync();
                if (look.ExitCode == 0) return candidate;
            }
            catch (Win32Exception)
            {
                // There is no such program.
            }
        }

        return null;
    }
}
