using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Local;

/// <summary>Starts LocalCloud in a session of its own, finds the running one, and stops it.</summary>
/// <param name="program">What to start.</param>
/// <param name="options">Where the repository is.</param>
/// <param name="prerequisites">What its data plane needs.</param>
/// <param name="launcher">Starts programs that outlive this one.</param>
/// <param name="processes">Runs programs to their end.</param>
/// <param name="waiter">Waits for it to be ready.</param>
/// <param name="progress">Told what was found and started.</param>
public sealed class LocalCloudRunner(
    LocalCloudProgram program, RunOptions options, Prerequisites prerequisites, DetachedLauncher launcher, IProcessRunner processes, Waiter waiter, IProgress progress)
    : ILocalCloud, IDisposable
{
    private const int LogLines = 15;
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(20);
    private static readonly Pace StartPace = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(60));
    private static readonly TimeSpan StrangerPatience = TimeSpan.FromSeconds(1);
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <inheritdoc/>
    public async Task<LocalCloudEndpoint> EnsureRunningAsync(LocalCloudSettings settings, CancellationToken cancellationToken)
    {
        var state = StateDirectory(settings);
        MakePrivate(state);
        using var alone = await StartLock.TakeAsync(state, waiter, cancellationToken);
        await prerequisites.EnsureAsync(cancellationToken);
        if (await FindAsync(settings, cancellationToken) is { } running)
        {
            if (running.Version == program.Version)
            {
                progress.Found($"LocalCloud at {running.Endpoint} (process {running.Pid})");
                return running;
            }

            // Its instances and databases go on running; the new one finds them again.
            progress.Notice("LocalCloud was rebuilt: restarting it; its instances and databases go on, its load balancer is away for a moment");
            await StopAsync(settings, keepProcesses: true, cancellationToken);
        }
        else
        {
            await RefuseTakenPortAsync(settings, state, cancellationToken);
        }

        return await StartAsync(settings, state, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LocalCloudEndpoint?> FindAsync(LocalCloudSettings settings, CancellationToken cancellationToken)
    {
        var state = StateDirectory(settings);
        if (LocalCloudFiles.ReadEndpoint(state) is not { } file)
            return null;
        if (!file.Endpoint.IsLoopback)
            throw new PipelineException(ErrorCode.LocalCloudFailed, $"{state}/endpoint.json names {file.Endpoint}, which is not on this machine.");
        var health = await LocalCloudFiles.AskHealthAsync(http, file.Endpoint, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return health is { Status: "ready" } && health.Pid == file.Pid && SameFolder(health.StateDirectory, state)
            ? new LocalCloudEndpoint(file.Endpoint, file.Region, file.AccountId, LocalCloudFiles.Credentials(state), file.Pid, file.Version)
            {
                NameServer = file.NameServer is { } server ? IPEndPoint.Parse(server) : null,
            }
            : null;
    }

    /// <summary>Runs it in the foreground, its output on ours, until cancelled; then it and its data plane end.</summary>
    /// <exception cref="PipelineException">One runs already, or it ended by itself.</exception>
    public async Task RunForegroundAsync(LocalCloudSettings settings, CancellationToken cancellationToken)
    {
        await prerequisites.EnsureAsync(cancellationToken);
        var state = StateDirectory(settings);
        if (await FindAsync(settings, cancellationToken) is { } running)
            throw new PipelineException(ErrorCode.LocalCloudFailed, $"LocalCloud runs already at {running.Endpoint} (process {running.Pid}).", hint: "./build.sh --target=Local-Cloud-Stop");
        await RefuseTakenPortAsync(settings, state, cancellationToken);
        MakePrivate(state);
        using var child = launcher.StartAttached(LocalCloudProgram.DotnetHost, [program.CopyInto(state), .. RunArguments(settings, state)]);
        progress.Notice($"LocalCloud runs; its address and credentials are in {state}. Ctrl-C ends it.");
        try
        {
            await child.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A Ctrl-C at a terminal has reached it already; a SIGTERM to us has not.
            await child.EndAsync(EndGrace);
            return;
        }

        if (child.ExitCode != 0)
            throw new PipelineException(ErrorCode.LocalCloudFailed, $"LocalCloud ended with exit code {child.ExitCode}.", lastSeen: LocalCloudFiles.LastWords(state, LogLines));
    }

    /// <summary>Stops the running one.</summary>
    /// <param name="settings">Which.</param>
    /// <param name="keepProcesses">Whether its instances, databases and cache nodes go on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False if none ran.</returns>
    public async Task<bool> StopAsync(LocalCloudSettings settings, bool keepProcesses, CancellationToken cancellationToken)
    {
        var state = StateDirectory(settings);
        if (LocalCloudFiles.ReadEndpoint(state) is null)
            return false;
        var result = await processes.RunAsync(
            LocalCloudProgram.DotnetHost,
            [program.BuiltAssembly, "stop", "--state", state, .. keepProcesses ? (string[])["--keep-processes"] : []],
            options.RepositoryRoot,
            null,
            cancellationToken);
        return result.ExitCode == 0
            ? true
            : throw new PipelineException(ErrorCode.LocalCloudFailed, $"LocalCloud could not be stopped: exit code {result.ExitCode}.", lastSeen: result.Tail(LogLines));
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<LocalCloudEndpoint> StartAsync(LocalCloudSettings settings, string state, CancellationToken cancellationToken)
    {
        using var process = await launcher.StartAsync(
            LocalCloudProgram.DotnetHost, [program.CopyInto(state), .. RunArguments(settings, state)], state, LocalCloudFiles.Output(state), cancellationToken);
        try
        {
            var ready = await waiter.UntilAsync("LocalCloud to be ready", StartPace, async poll =>
                await FindAsync(settings, poll) is { } found ? Poll.Done(found)
                : process.HasEnded ? Poll.Failed<LocalCloudEndpoint>("it has ended")
                : Poll.NotYet<LocalCloudEndpoint>("starting"), cancellationToken);
            progress.Changed($"started LocalCloud at {ready.Endpoint} (process {ready.Pid}, state in {state})");
            return ready;
        }
        catch (PipelineException e) when (e.Code is ErrorCode.TerminalState or ErrorCode.TimedOut)
        {
            throw new PipelineException(
                ErrorCode.LocalCloudFailed, $"LocalCloud did not start: {e.LastSeen}.",
                lastSeen: LocalCloudFiles.LastWords(state, LogLines),
                hint: settings.Port != 0 && await IsTakenAsync(settings.Port, cancellationToken) ? OtherPort(settings) : $"Its log is {LocalCloudFiles.Log(state)}.",
                inner: e);
        }
    }

    private static string[] RunArguments(LocalCloudSettings settings, string state) =>
    [
        "run", "--state", state, "--port", settings.Port.ToString(CultureInfo.InvariantCulture),
        "--time-scale", settings.TimeScale.ToString(CultureInfo.InvariantCulture),
    ];

    // Only what LocalCloud itself can't tell: it names another program that holds its port.
    private async Task RefuseTakenPortAsync(LocalCloudSettings settings, string state, CancellationToken cancellationToken)
    {
        if (settings.Port == 0 || !await IsTakenAsync(settings.Port, cancellationToken))
            return;
        // Another program may take the connection and never answer.
        using var patience = new CancellationTokenSource(StrangerPatience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var other = await LocalCloudFiles.AskHealthAsync(http, new Uri($"http://127.0.0.1:{settings.Port}"), either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        if (other?.StateDirectory is not { } directory)
            return;
        throw new PipelineException(
            ErrorCode.LocalCloudFailed,
            SameFolder(directory, state)
                ? $"The LocalCloud of {directory} runs (process {other.Pid}), but its endpoint.json is gone or another's."
                : $"Port {settings.Port} is taken by the LocalCloud of {directory} (process {other.Pid}).",
            hint: SameFolder(directory, state) ? $"Stop it: kill {other.Pid}" : OtherPort(settings));
    }

    private static string OtherPort(LocalCloudSettings settings) =>
        $"Stop it, or choose another port: --set localCloud.port={settings.Port + 1} (0 lets the system choose).";

    private static async Task<bool> IsTakenAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient(AddressFamily.InterNetwork);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // It holds credentials and databases: nobody else's to read.
    private static void MakePrivate(string state)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(state);
        else
            Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool SameFolder(string? a, string b) => a is not null && Path.TrimEndingDirectorySeparator(Path.GetFullPath(a)) == Path.TrimEndingDirectorySeparator(b);

    private string StateDirectory(LocalCloudSettings settings) => Path.GetFullPath(settings.StateDirectory, options.RepositoryRoot);
}
