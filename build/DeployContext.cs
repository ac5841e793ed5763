using Cake.Core;
using Cake.Frosting;
using SyncStorage.Build.Hosting;

namespace SyncStorage.Build;

/// <summary>What the tasks of a run share.</summary>
public sealed class DeployContext : FrostingContext
{
    private readonly CommandLine commandLine;

    internal DeployContext(ICakeContext context, CommandLine commandLine, CancellationToken cancellationToken)
        : base(context)
    {
        this.commandLine = commandLine;
        CancellationToken = cancellationToken;
    }

    /// <summary>Cancelled by Ctrl-C and SIGTERM.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Nothing is to be done: only what would be.</summary>
    public bool IsDryRun => commandLine.IsDryRun;

    /// <summary>The test platform's or benchmarks' filter.</summary>
    public string? Filter => commandLine.ValueOf(Options.Filter);

    /// <summary>How many requests are to be sent.</summary>
    public string? Requests => commandLine.ValueOf(Options.Requests);

    /// <summary>How many calls lie between two that a deployment is killed at.</summary>
    public string? Every => commandLine.ValueOf(Options.Every);

    /// <summary>A container image is wanted beside the bundle.</summary>
    public bool WantsContainer => commandLine.ValueOf(Options.Artifact) == Options.Container;

    /// <summary>Only check the format.</summary>
    public bool Check => commandLine.Has(Options.Check);
}
