using System.Diagnostics;
using Spectre.Console;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;

namespace SyncStorage.Build.Project;

/// <summary>Runs the .NET command-line tool in the repository, its output on our console.</summary>
public sealed class DotNet(Repository repository, IAnsiConsole console, TimeProvider time)
{
    /// <summary>How long a child may take to end by itself when the run is interrupted.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    /// <summary>How long output is waited for once the child has ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <returns>The exit code.</returns>
    /// <exception cref="OperationCanceledException">Interrupted; the child has ended.</exception>
    public async Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(arguments);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = Task.WhenAll(RelayAsync(process.StandardOutput, reading.Token), RelayAsync(process.StandardError, reading.Token));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            await output.WaitAsync(LastWords, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What it left running, such as a compiler server, may hold its output open for as long as it lives.
            await reading.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // A terminal's Ctrl-C has reached all of them already; a SIGTERM to us has reached none, and the tool passes none on to the tests that it runs.
            await process.EndTreeAsync(Grace);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>As <see cref="RunAsync"/>, for commands that must succeed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.CommandFailed"/>; what failed has been printed.</exception>
    public async Task EnsureAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var code = await RunAsync(arguments, cancellationToken);
        if (code != 0)
            throw new PipelineException(ErrorCode.CommandFailed, $"dotnet {arguments[0]} ended with {code}; its errors are above.");
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(LocalCloudProgram.DotnetHost, arguments)
        {
            WorkingDirectory = repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return Process.Start(start)!;
    }

    private async Task RelayAsync(StreamReader output, CancellationToken cancellationToken)
    {
        while (await output.ReadLineAsync(cancellationToken) is { } line)
            console.WriteLine(line);
    }
}
