using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>
/// The token servers' configuration: what webheads serve, as their own current configuration has it, with the secret that signs for each virtual hostname. So
/// what is published for webheads first reaches those that sign second, and never the other way round.
/// </summary>
public sealed class TokenServerConfiguration(
    EnvironmentSettings settings, ClusterNames names, ConfigStore webheads, TokenConfigStore store, TokenServerParts parts, IProgress progress)
{
    private const string Resource = "token server's configuration";

    /// <summary>What would be published.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null) return [];
        var current = await store.CurrentAsync(cancellationToken);
        if (current is null) return [new PlannedChange(ChangeKind.Create, Resource, $"version 1: {settings.Hosts.Count()} virtual hostnames")];
        return await DesiredAsync(cancellationToken) is { } desired
            ? [.. TokenConfigDocument.Differences(current, desired).Select(value => PlannedChange.Of(ChangeKind.Update, Resource, value))]
            : [new PlannedChange(ChangeKind.Update, Resource, $"version {current.Version + 1}, once the webheads' configuration has its dbnode")];
    }

    /// <summary>
    /// Publishes what follows from the settings and the webheads' current configuration, and waits until each token server in service tells on its heartbeat that it
    /// has that version. Where the settings have no token server, does nothing.
    /// </summary>
    /// <param name="anew">
    /// Whether a new version is published also if nothing differs: who reports it has read the secrets with it. A rotation needs that once secrets were added, or taken away.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The version that all have; null where there is no token server.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationNotTaken"/>, naming who has not, and why.</exception>
    public async Task<int?> PublishAsync(bool anew, CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null) return null;
        var desired = await DesiredAsync(cancellationToken) ?? throw new PipelineException(
            ErrorCode.ConfigurationConflict, $"The webheads' configuration has no dbnode {settings.TokenServerNode!.Name}, where the token server's database is.", hint: "./build.sh --target=Publish-Config");
        var current = await store.CurrentAsync(cancellationToken);
        if (!anew && current is not null && TokenConfigDocument.SayTheSame(current, desired))
        {
            // The run that published it may have ended before every token server had it.
            progress.Found($"{Resource} version {current.Version} is current");
            await parts.Push.RunAsync(current.Version, cancellationToken);
            return current.Version;
        }

        var published = await store.PublishAsync(desired, cancellationToken);
        progress.Changed($"{Resource} version {published.Version}: {published.Hosts.Count} virtual hostnames");
        await parts.Push.RunAsync(published.Version, cancellationToken);
        return published.Version;
    }

    /// <summary>
    /// Tells the token servers where their dbnode is now, as the webheads' configuration says, and nothing else. Where there is no token server, or it is told that
    /// already, does nothing.
    /// </summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationNotTaken"/>, naming who has not, and why.</exception>
    public async Task MoveAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null || await store.CurrentAsync(cancellationToken) is not { } current) return;
        if (await DesiredAsync(cancellationToken) is not { Database: var now } || (now.Address, now.Port) == (current.Database.Address, current.Database.Port)) return;
        var published = await store.PublishAsync(current with { Database = current.Database with { Address = now.Address, Port = now.Port } }, cancellationToken);
        progress.Changed($"{Resource} version {published.Version}: its database is at {now.Address}");
        await parts.Push.RunAsync(published.Version, cancellationToken);
    }

    /// <summary>Has the token servers read their secrets anew, and follow the webheads' configuration; where none is deployed, does nothing.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationNotTaken"/>, naming who has not, and why.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        // The first document says that there is a database: that is not a rotation's to say.
        if (settings.TokenServer is null || await store.CurrentAsync(cancellationToken) is null) return;
        await PublishAsync(anew: true, cancellationToken);
    }

    /// <summary>The document that settings and the webheads' configuration call for; null while the latter lacks the dbnode.</summary>
    internal async Task<TokenConfigDocument?> DesiredAsync(CancellationToken cancellationToken) =>
        TokenConfigDocument.Of(await webheads.CurrentAsync(cancellationToken), settings, names, await store.CurrentAsync(cancellationToken));
}
