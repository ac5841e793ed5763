using System.Diagnostics;
using Spectre.Console;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Project;

/// <summary>Runs the .NET command-line tool in the repository, its output on our console.</summary>
public sealed class DotNet(Repository repository, IAnsiConsole console, TimeProvider time)
{
    /// <summary>How long a child may take to end by itself when the run is interrupted.</summary>
    private static readonly TimeSpan grace = TimeSpan.FromSeconds(5);

    /// <returns>The exit code.</returns>
    /// <exception cref="OperationCanceledException">Interrupted; the child has ended.</exception>
    public async Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(arguments);
        try
        {
            await Task.WhenAll(
                RelayAsync(process.StandardOutput, cancellationToken),
                RelayAsync(process.StandardError, cancellationToken),
                process.WaitForExitAsync(cancellationToken));
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            throw;
        }
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
        var start = new ProcessStartInfo(Muxer(), arguments)
        {
            WorkingDirectory = repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return Process.Start(start)!;
    }

    /// <summary>The one that runs us, so that it is the SDK that the bootstrap chose.</summary>
    private static string Muxer() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private async Task RelayAsync(StreamReader output, CancellationToken cancellationToken)
    {
        while (await output.ReadLineAsync(cancellationToken) is { } line)
            console.WriteLine(line);
    }

    /// <summary>A terminal's Ctrl-C reaches the child too, and it ends by itself; it is killed if it doesn't.</summary>
    private async Task EndAsync(Process process)
    {
        using var budget = new CancellationTokenSource(grace, time);
        try
        {
            await process.WaitForExitAsync(budget.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
