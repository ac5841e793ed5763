using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>docker or podman of this machine, whichever answers, and what a test made with it: everything goes when it is disposed of.</summary>
internal sealed class ContainerEngine : IAsyncDisposable
{
    // No image can be fetched where there is no registry: the libraries of this machine are a base as good as another.
    private const string CollectLibraries = """
        set -eu
        mkdir -p "$BASE/etc/ssl/certs" "$BASE/tmp" "$BASE/unpacked"
        tar xzf "$BUNDLE" -C "$BASE/unpacked" webhead
        tls=$(ldconfig -p | sed -n 's/.*\(libssl\.so\.[13][^ ]*\) .*=> //p' | head -1)
        for library in $({ ldd "$BASE"/unpacked/webhead/webhead "$BASE"/unpacked/webhead/*.so "$tls"; echo "$tls"; } 2>/dev/null | grep -o '/[^ :]*\.so[^ :]*' | grep -v "^$BASE" | sort -u); do
            mkdir -p "$BASE$(dirname "$library")"
            cp -L "$library" "$BASE$library"
        done
        for certificates in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
            [ ! -f "$certificates" ] || cp -L "$certificates" "$BASE/etc/ssl/certs/ca-certificates.crt"
        done
        rm -rf "$BASE/unpacked"
        tar cf "$BASE.tar" -C "$BASE" .
        """;

    // The least that can be run.
    private const string CollectNearlyNothing = """
        set -eu
        for file in /bin/true $(ldd /bin/true | grep -o '/[^ :]*'); do
            mkdir -p "$BASE$(dirname "$file")"
            cp -L "$file" "$BASE$file"
        done
        tar cf "$BASE.tar" -C "$BASE" .
        """;

    private readonly string program;
    private readonly bool isPodman;
    private readonly List<string[]> undo = [];

    private ContainerEngine(string program, bool isPodman) => (this.program, this.isPodman) = (program, isPodman);

    /// <summary>Ignores the test, visibly, where there is none, or none that runs anything: inside of another container that may not be allowed.</summary>
    public static async Task<ContainerEngine> FindAsync()
    {
        foreach (var program in (string[])["docker", "podman"])
        {
            if (await TryRunAsync(program, ["version"]) is not (0, var output)) continue;
            var engine = new ContainerEngine(program, output.Contains("podman", StringComparison.OrdinalIgnoreCase));
            if (await engine.WhyNothingRunsAsync() is not { } reason) return engine;
            await engine.DisposeAsync();
            Assert.Ignore($"{program} runs no container here: {reason}");
        }

        Assert.Ignore("Neither docker nor podman answers here: sudo apt-get install -y --no-install-recommends podman runc.");
        throw new UnreachableException();
    }

    /// <summary>Makes a base image of this machine's own libraries.</summary>
    /// <param name="bundle">The archive with the programs that need them.</param>
    public async Task<string> MakeBaseAsync(string bundle)
    {
        var (name, (code, output)) = await ImportAsync(CollectLibraries, new() { ["BUNDLE"] = bundle });
        Assert.That(code, Is.Zero, output);
        return name;
    }

    // What an engine says that can't run the least of containers; null for one that can.
    private async Task<string?> WhyNothingRunsAsync()
    {
        var (name, (code, output)) = await ImportAsync(CollectNearlyNothing, []);
        if (code == 0) (code, output) = await RunAsync([.. await RuntimeAsync(), "run", "--rm", .. Confined, name, "/bin/true"]);
        return code == 0 ? null : output.Trim();
    }

    private async Task<(string Name, (int ExitCode, string Output) Run)> ImportAsync(string script, Dictionary<string, string> environment)
    {
        var folder = Directory.CreateTempSubdirectory("syncstorage-base-");
        var name = $"localhost/syncstorage-test-base:{Guid.NewGuid():n}";
        try
        {
            var root = Path.Combine(folder.FullName, "root");
            var (code, output) = await TryRunAsync("/bin/sh", ["-c", script], new(environment) { ["BASE"] = root })
                ?? throw new InvalidOperationException("There is no shell.");
            Assert.That(code, Is.Zero, output);
            undo.Add(["rmi", "-f", name]);
            return (name, await RunAsync(["import", root + ".tar", name]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Removes an image at the end.</summary>
    public void Forget(string image) => undo.Add(["rmi", "-f", image]);

    /// <summary>Starts a container, on this machine's network, that may write nowhere.</summary>
    /// <param name="image">Its image.</param>
    /// <param name="environment">For the container; no value is on a command line.</param>
    /// <returns>Its name.</returns>
    public async Task<string> StartAsync(string image, Dictionary<string, string> environment)
    {
        var name = $"syncstorage-test-{Guid.NewGuid():n}";
        undo.Add(["rm", "-f", name]);
        await ExpectAsync([.. await RuntimeAsync(), "run", "--detach", "--name", name, .. Confined, .. environment.Keys.SelectMany(key => new[] { "-e", key }), image], environment);
        return name;
    }

    // Inside of another container there are lower limits than podman sets, and no cgroups for crun.
    private string[] Confined =>
        ["--network", "host", "--read-only", "--cap-drop", "all", .. isPodman ? (string[])["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"] : []];

    private async Task<string[]> RuntimeAsync() => isPodman && await TryRunAsync("runc", ["--version"]) is not null ? ["--runtime", "runc"] : [];

    /// <summary>Runs a program in a container.</summary>
    public Task<(int ExitCode, string Output)> ExecAsync(string container, params string[] command) => RunAsync(["exec", container, .. command]);

    /// <summary>What the engine says about a container.</summary>
    public async Task<JsonNode> InspectAsync(string container) => JsonNode.Parse(await ExpectAsync(["inspect", container]))![0]!;

    /// <summary>Asks a container to stop, and waits.</summary>
    public Task StopAsync(string container) => ExpectAsync(["stop", "-t", "30", container]);

    /// <summary>What a container printed.</summary>
    public async Task<string> LogsAsync(string container) => (await RunAsync(["logs", container])).Output;

    public async ValueTask DisposeAsync()
    {
        foreach (var command in Enumerable.Reverse(undo)) await RunAsync(command);
    }

    private async Task<string> ExpectAsync(string[] arguments, Dictionary<string, string>? environment = null)
    {
        var (code, output) = await RunAsync(arguments, environment);
        Assert.That(code, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, Dictionary<string, string>? environment = null) =>
        await TryRunAsync(program, arguments, environment) ?? throw new InvalidOperationException($"{program} has gone.");

    // Standard output alone is what is asked for; errors are shown where it fails.
    private static async Task<(int ExitCode, string Output)?> TryRunAsync(string program, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? []) start.Environment[key] = value;
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }
}
