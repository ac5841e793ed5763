using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>A real process of a test. It ends with the test, and at the latest with the test run.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, byte> All = new();
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Process process;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var child in All.Keys) child.Kill();
    };

    private ChildProcess(Process process)
    {
        this.process = process;
        All[this] = 0;
    }

    public string Output => string.Join('\n', lines);

    public bool HasExited => process.HasExited;

    /// <summary>The processor time of all that run.</summary>
    public static TimeSpan TotalProcessorTime => All.Keys.Where(child => !child.HasExited).Aggregate(TimeSpan.Zero, (sum, child) =>
    {
        child.process.Refresh();
        return sum + child.process.TotalProcessorTime;
    });

    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment) start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, line) => child.Add(line.Data);
        child.process.ErrorDataReceived += (_, line) => child.Add(line.Data);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs to the end; fails the test if the exit code is not zero.</summary>
    public static async Task<string> RunAsync(string file, params string[] arguments)
    {
        await using var child = Start(file, arguments);
        var code = await child.WaitAsync();
        return code == 0 ? child.Output : throw new InvalidOperationException($"{file} ended with {code}:\n{child.Output}");
    }

    public async Task<int> WaitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await WaitAsync(patience.Token);
    }

    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public Task TerminateAsync() => SignalAsync("TERM");

    public Task SignalAsync(string name) => RunAsync("kill", "-s", name, process.Id.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        Kill();
        await process.WaitForExitAsync();
        All.TryRemove(this, out _);
        process.Dispose();
    }

    private void Kill()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    private void Add(string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}
