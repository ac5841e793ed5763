using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>What targets do with the token servers besides deploying them. Where the settings have none, nothing, and no call is made.</summary>
public sealed class TokenServerFleet(EnvironmentSettings settings, TokenServerParts parts, TokenConfigStore configuration, TokenServerSmokeTest smokeTest)
{
    private bool Exists => settings.TokenServer is not null;

    /// <summary>Check-Release: whether the release that was built can follow on the one that serves.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.IncompatibleRelease"/>, with the way round.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => Exists ? parts.Compatibility.RequireAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Bake-AMI: its image, by the same baker, with a boot test of its own.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BakeFailed"/> or <see cref="ErrorCode.BootTestFailed"/>, with the log.</exception>
    public Task BakeAsync(CancellationToken cancellationToken) => Exists ? parts.Bake.RunAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>What runs of it; null where the settings have none.</summary>
    /// <param name="unknown">Gets a line for what can't be read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SummaryTokenServer?> SummaryAsync(ICollection<string> unknown, CancellationToken cancellationToken)
    {
        if (!Exists) return null;
        var balancer = await ClusterStatus.TryAsync("the token servers' load balancer", () => parts.Observation.LoadBalancer.GetAsync(cancellationToken), unknown);
        var version = await ClusterStatus.TryAsync("the token servers' configuration", () => configuration.VersionAsync(cancellationToken), unknown);
        return new SummaryTokenServer(
            await parts.Status.ReadAsync(unknown, cancellationToken), balancer is null ? null : new Uri(parts.LoadBalancer.Url(balancer.Description.DNSName)), version);
    }

    /// <summary>Heals it, and tests it if there was anything to heal.</summary>
    /// <returns>Whether there was.</returns>
    public async Task<bool> HealAsync(CancellationToken cancellationToken)
    {
        if (!Exists || !await parts.Healing.RunAsync(cancellationToken)) return false;
        await TestAsync(cancellationToken);
        return true;
    }

    /// <summary>Brings an earlier release back, and tests it.</summary>
    /// <param name="history">The deployments, newest first, with the token server's releases.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoSuchRelease"/>: the settings have no token server, or there is no such release.</exception>
    public async Task RollbackAsync(IReadOnlyList<HistoryEntry> history, CancellationToken cancellationToken)
    {
        if (!Exists)
            throw new PipelineException(ErrorCode.NoSuchRelease, "The settings have no token server.", hint: "Without --service the webheads go back.");
        await parts.Rollback.RunAsync(history, (_, _) => Task.CompletedTask, cancellationToken);
        await TestAsync(cancellationToken);
    }

    /// <summary>The smoke test, and with it the end of a rollout: the old go, or come back.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.SmokeTestFailed"/>, or <see cref="ErrorCode.RolledBack"/> if the previous release was put back.</exception>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        try
        {
            await smokeTest.RunAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw await parts.Completion.FailedAsync(failure, cancellationToken);
        }

        await parts.Completion.PassedAsync(cancellationToken);
    }
}
