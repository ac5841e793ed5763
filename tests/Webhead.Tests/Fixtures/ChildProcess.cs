using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>A real process of a test. It ends with the test, and at the latest with the test run.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, byte> _all = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var child in _all.Keys) child.Kill();
    };

    private ChildProcess(Process process)
    {
        _process = process;
        _all[this] = 0;
    }

    public string Output => string.Join('\n', _lines);

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment) start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Add(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Add(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
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
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public Task TerminateAsync() => RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _all.TryRemove(this, out _);
        _process.Dispose();
    }

    private void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    private void Add(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
