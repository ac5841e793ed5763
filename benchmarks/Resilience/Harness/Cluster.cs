using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace SyncStorage.Resilience.Harness;

/// <summary>
/// A cluster of its own on a LocalCloud of its own: settings like <c>local.json</c>'s, state in a temporary folder, free ports. The
/// build runs as a newcomer would run it, as a program. Everything ends with it.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>The cluster's bucket.</summary>
    public const string Bucket = "sync2-000000000000-us-east-1";

    private static readonly ConcurrentDictionary<Cluster, byte> All = new();

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-");

    private readonly double timeScale;

    private readonly List<string> done = [];

    private readonly bool https;

    // At the latest with this process, also where somebody ends that: LocalCloud runs in a session of its own, and ends all that is its own.
    static Cluster() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var cluster in All.Keys) cluster.TryEndCloud();
    };

    public Cluster(int apiPort = 0, int? loadBalancerPort = null, double timeScale = 0.01, bool https = false)
    {
        (this.timeScale, this.https) = (timeScale, https);
        LoadBalancerPort = loadBalancerPort ?? FreePort();
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "pipeline", "environments", "local.json")))!.AsObject();
        settings.Remove("$schema");
        settings["localCloud"] = new JsonObject { ["port"] = apiPort, ["stateDirectory"] = StateDirectory, ["timeScale"] = timeScale };
        settings["loadBalancer"] = new JsonObject { ["port"] = LoadBalancerPort };
        if (https) settings["loadBalancer"]!["https"] = new JsonObject { ["plainHttp"] = "refuse" };
        File.WriteAllText(SettingsFile, settings.ToJsonString());
        All[this] = 0;
    }

    /// <summary>Ends the runs that are under way, and whatever waits for them.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>How long a run may take.</summary>
    public TimeSpan LongestRun { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where the output of all runs goes too; null if nowhere.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>What was run to its end and succeeded, as typed; without the environment.</summary>
    public IReadOnlyList<string> Done
    {
        get
        {
            lock (done) return [.. done];
        }
    }

    /// <summary>Settings with which a killed deployment's lock is soon free.</summary>
    public static string[] QuickLease { get; } = ["--set", "deployment.lockLeaseSeconds=2", "--set", "deployment.attemptSeconds=5"];

    /// <summary>The repository: where the solution is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The checkout that runs build; another than <see cref="Root"/> where a test breaks something in it.</summary>
    public string Checkout { get; set; } = Root;

    /// <summary>A checkout that is this cluster's alone, and goes with it.</summary>
    public CheckoutCopy? Own
    {
        get;
        init
        {
            field = value;
            if (value is not null) Checkout = value.Root;
        }
    }

    public int LoadBalancerPort { get; }

    /// <summary>A virtual hostname's origin, as its users see it.</summary>
    public Uri OriginOf(string hostname) => new($"{(https ? "https" : "http")}://{hostname}:{LoadBalancerPort}");

    /// <summary>What clients have to trust just now; null without HTTPS.</summary>
    public X509Certificate2Collection? Roots()
    {
        if (!https) return null;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(Path.Combine(StateDirectory, "load-balancer.pem"));
        return roots;
    }

    public string StateDirectory => Path.Combine(folder.FullName, "cloud");

    public string SettingsFile => Path.Combine(folder.FullName, "test.json");

    /// <summary>
    /// From now on runs go to this cluster's LocalCloud as to an account at AWS: by an endpoint, with a credential from the environment, here of a user who
    /// may do what a policy says and nothing else.
    /// </summary>
    /// <param name="user">The user's name.</param>
    /// <param name="policy">Asked for once the settings are those of an account.</param>
    public async Task ActAsAsync(string user, Func<Task<string>> policy)
    {
        var (endpoint, region, _) = Connection();
        await WriteAccountSettingsAsync("000000000000", region, endpoint);
        using var control = new Control(this);
        credential = await control.RestrictAsync(user, await policy());
    }

    /// <summary>From now on runs go to an account of somebody else's AWS, and so does who asks for a connection. No LocalCloud is started.</summary>
    /// <param name="account">Twelve digits.</param>
    /// <param name="endpoint">Where it listens.</param>
    public async Task MoveToAsync(string account, Uri endpoint)
    {
        const string Region = "us-east-1", Id = "somebody", Secret = "of nobody's";
        credential = (Id, Secret);
        elsewhere = ($"{endpoint}", Region, new BasicAWSCredentials(Id, Secret));
        await WriteAccountSettingsAsync(account, Region, $"{endpoint}");
    }

    /// <summary>From now on runs go to an account of which the settings name the region alone: what else they need to know, their environment says.</summary>
    /// <param name="account">Twelve digits.</param>
    public Task MoveToAsync(string account) => WriteAccountSettingsAsync(account, "us-east-1", endpoint: null);

    private async Task WriteAccountSettingsAsync(string account, string region, string? endpoint)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(SettingsFile))!.AsObject();
        settings.Remove("localCloud");
        settings["aws"] = new JsonObject { ["accountId"] = account, ["region"] = region, ["endpoint"] = endpoint };
        await File.WriteAllTextAsync(AccountSettingsFile, settings.ToJsonString());
    }

    /// <summary>Variables that the runs get besides those of this process; one that is empty they do not get.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The settings of the account that runs go to, once they do.</summary>
    public string AccountSettingsFile => Path.Combine(folder.FullName, "account.json");

    private (string Id, string Secret)? credential;

    private (string Endpoint, string Region, AWSCredentials Credentials)? elsewhere;

    /// <summary>Starts this cluster's LocalCloud beforehand, so that all its traffic is recorded; deployments find it running.</summary>
    public Task StartRecordingAsync(string file) => StartCloudAsync("--record", file);

    /// <summary>Starts this cluster's LocalCloud beforehand.</summary>
    public async Task StartCloudAsync(params string[] options)
    {
        Directory.CreateDirectory(StateDirectory);
        var program = Path.Combine(Root, "src", "LocalCloud", "bin", "Release", "net10.0", "LocalCloud.dll");
        var start = new ProcessStartInfo("dotnet", [program, "run", "--state", StateDirectory, "--port", "0", "--time-scale", timeScale.ToString(CultureInfo.InvariantCulture), .. options])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var looks = 0; !File.Exists(Path.Combine(StateDirectory, "endpoint.json")); looks++)
        {
            if (process.HasExited || looks >= 600) throw new HarnessException("LocalCloud did not start within a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>The report that the last run of <see cref="Checkout"/> left.</summary>
    public JsonNode LastReport => JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout, "artifacts", "deploy", "report.json")))!;

    /// <summary>Runs a target to its end.</summary>
    public Task<Run> RunAsync(string target, params string[] arguments) => RunAsync(target, interruptAt: null, arguments);

    /// <summary>Runs a target, and sends it a signal as soon as it prints something.</summary>
    /// <param name="target">The target.</param>
    /// <param name="interruptAt">What it prints then, and the signal's name; null for none.</param>
    /// <param name="arguments">More arguments.</param>
    public async Task<Run> RunAsync(string target, (string Text, string Signal)? interruptAt, params string[] arguments)
    {
        using var process = Start(target, arguments);
        TimeSpan? interrupted = null;
        var clock = Stopwatch.StartNew();
        var output = await OutputAsync(process, Watch);
        var run = new Run(process.ExitCode, output, interrupted is { } at ? clock.Elapsed - at : null);
        if (run.ExitCode == 0) lock (done) done.Add(string.Join(' ', [$"--target={target}", .. arguments]));
        if (Log is { } log) await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"--target={target} {string.Join(' ', arguments)}\n{run.Output}exit code {run.ExitCode} after {clock.Elapsed.TotalSeconds:F1} s\n"));
        return run;

        void Watch(string line)
        {
            if (interruptAt is not { } when || interrupted is not null || !line.Contains(when.Text, StringComparison.Ordinal)) return;
            interrupted = clock.Elapsed;
            Signal(process.Id, when.Signal);
        }
    }

    /// <summary>Runs a target to its end, which must be as expected.</summary>
    /// <exception cref="HarnessException">It ended otherwise.</exception>
    public async Task<Run> ExpectAsync(int exitCode, string target, params string[] arguments)
    {
        var run = await RunAsync(target, arguments);
        return run.ExitCode == exitCode ? run : throw new HarnessException($"{target} {string.Join(' ', arguments)} ended with {run.ExitCode}, not {exitCode}:\n{run.Output}");
    }

    /// <summary>Sends a process a signal.</summary>
    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0) throw new HarnessException($"kill -s {signal} {pid} failed.");
    }

    /// <summary>Starts a target, for tests that interrupt it.</summary>
    public Process Start(string target, params string[] arguments)
    {
        // LocalCloud itself is the machine's affair, not an account's.
        var asAccount = File.Exists(AccountSettingsFile) && target != "Local-Cloud-Stop";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Checkout, "build", "bin", "Release", "net10.0", "Build.dll"), $"--target={target}", $"--environment={(asAccount ? AccountSettingsFile : SettingsFile)}", .. arguments])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("GITHUB_ACTIONS");
        if (asAccount && credential is var (id, secret)) (start.Environment["AWS_ACCESS_KEY_ID"], start.Environment["AWS_SECRET_ACCESS_KEY"]) = (id, secret);
        foreach (var (name, value) in Environment) start.Environment[name] = value.Length == 0 ? null : value;
        return Process.Start(start)!;
    }

    /// <summary>Where this cluster's LocalCloud listens, and the credentials that it made; or those of the AWS that the cluster was moved to.</summary>
    public (string Endpoint, string Region, AWSCredentials Credentials) Connection()
    {
        if (elsewhere is { } moved) return moved;
        var endpoint = ReadEndpoint();
        return new CredentialProfileStoreChain(Path.Combine(StateDirectory, "credentials")).TryGetAWSCredentials("default", out var credentials)
            ? ((string)endpoint["endpoint"]!, (string)endpoint["region"]!, credentials)
            : throw new InvalidOperationException("LocalCloud made no credentials.");
    }

    public TConfig Configured<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        var (endpoint, region, _) = Connection();
        config.ServiceURL = endpoint;
        config.AuthenticationRegion = region;
        return config;
    }

    /// <summary>The processes that still run from this cluster's folder.</summary>
    public IReadOnlyList<string> Processes() => [.. ProcessesById().Select(process => process.CommandLine)];

    /// <summary>The id of the one process that runs from this cluster's folder and has both words in its command line.</summary>
    public int ProcessOf(string program, string word) => ProcessesById().Single(process =>
        process.CommandLine.Contains(program, StringComparison.Ordinal) && process.CommandLine.Contains(word, StringComparison.Ordinal)).Id;

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(StateDirectory)) await StopCloudAsync();
        All.TryRemove(this, out _);
        var left = Processes();
        if (left.Count == 0) folder.Delete(recursive: true);
        Own?.Dispose();
        if (left.Count > 0) throw new HarnessException($"Local-Cloud-Stop left processes running: {string.Join("; ", left)}");
    }

    private JsonNode ReadEndpoint() => JsonNode.Parse(File.ReadAllText(Path.Combine(StateDirectory, "endpoint.json")))!;

    private void TryEndCloud()
    {
        try
        {
            Signal((int)ReadEndpoint()["pid"]!, "TERM");
        }
        catch (Exception exception) when (exception is IOException or HarnessException)
        {
            // There is none, or it has ended.
        }
    }

    // Not as a run: these end when it is time to stop, and this is for afterwards.
    private async Task StopCloudAsync()
    {
        using var process = Start("Local-Cloud-Stop");
        var output = new StringBuilder();
        await Task.WhenAll(ReadAsync(process.StandardOutput, output, _ => { }, CancellationToken.None), ReadAsync(process.StandardError, output, _ => { }, CancellationToken.None));
        await process.WaitForExitAsync();
        if (Log is { } log) await log.WriteLineAsync(output.ToString());
    }

    private IEnumerable<(int Id, string CommandLine)> ProcessesById() => Directory.GetDirectories("/proc")
        .Where(path => int.TryParse(Path.GetFileName(path), out _))
        .Select(path => (int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), CommandLineOf(path)))
        .Where(process => process.Item2.Contains(folder.FullName, StringComparison.Ordinal));

    private static string CommandLineOf(string procFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(procFolder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended while we looked.
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's process is none of ours.
            return "";
        }
    }

    /// <summary>Waits for a started target's end, however it comes, and gives what it printed.</summary>
    public Task<string> OutputAsync(Process process) => OutputAsync(process, _ => { });

    private async Task<string> OutputAsync(Process process, Action<string> watch)
    {
        var output = new StringBuilder();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        deadline.CancelAfter(LongestRun);
        try
        {
            await Task.WhenAll(
                ReadAsync(process.StandardOutput, output, watch, deadline.Token), ReadAsync(process.StandardError, output, watch, deadline.Token), process.WaitForExitAsync(deadline.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Stopping.ThrowIfCancellationRequested();
            throw new HarnessException($"A run was not over after {LongestRun.TotalMinutes} minutes:\n{output}");
        }

        return output.ToString();
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder output, Action<string> watch, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            lock (output) output.AppendLine(line);
            watch(line);
        }
    }

    /// <summary>A port that nothing listens on now, and that no outgoing connection takes meanwhile: it is below those that systems choose.</summary>
    public static int FreePort()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }

        throw new HarnessException("No port is free.");
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "SyncStorage.slnx"))) return at.FullName;
        throw new DirectoryNotFoundException("There is no SyncStorage.slnx above the program.");
    }
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="AfterSignal">How long it went on after the signal; null if it got none.</param>
internal sealed record Run(int ExitCode, string Output, TimeSpan? AfterSignal = null)
{
    private const int TailLength = 2000;

    /// <summary>The end of the output, for who must find out.</summary>
    public string Tail => TailOf(Output);

    /// <summary>The end of what a run printed.</summary>
    public static string TailOf(string output) => output[Math.Max(0, output.Length - TailLength)..];
}

/// <summary>What is tried could not be tried, or left something behind.</summary>
internal sealed class HarnessException(string message) : Exception(message);
