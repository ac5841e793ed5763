using Amazon.EC2.Model;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Planning;

/// <summary>
/// What a plan was made for: the facts that changes don't show, such as which webheads serve. Values that the settings govern are left out,
/// for a drift of theirs is a change of its own, and one that AWS makes by itself (a minor upgrade) is none.
/// </summary>
public sealed class ObservedWorld(EnvironmentSettings settings, Observation observation, DatabaseServers servers, Fleet fleet, ConfigStore configuration, TokenServerParts tokenServer, TokenConfigStore tokenConfiguration, StateObjects objects)
{
    /// <summary>Reads the facts: what, and what is known of it.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken cancellationToken)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await AddFleetAsync(fleet, facts, cancellationToken);
        if (settings.TokenServer is not null) await AddTokenServerAsync(facts, cancellationToken);
        foreach (var image in await observation.Images.GetAsync(cancellationToken)) facts[$"image {image.ImageId}"] = Describe(image);
        foreach (var group in await observation.SecurityGroups.GetAsync(cancellationToken)) facts[$"security group {group.GroupName}"] = group.GroupId;
        foreach (var (name, database) in await observation.Databases.GetAsync(cancellationToken))
            facts[$"database {name}"] = $"{database.Endpoint?.Address}:{database.Endpoint?.Port}, made {DatabasePlan.TagsOf(database).GetValueOrDefault(DatabasePlan.InitializedTag) ?? "nothing"}";
        foreach (var (name, server) in await servers.GetAsync(cancellationToken)) facts[$"database {name}"] = $"{server.Address}:{server.Port}, made {server.Initialized ?? "nothing"}";
        if (await observation.Cache.GetAsync(cancellationToken) is { } cache)
            facts[$"cache cluster {cache.CacheClusterId}"] = $"{cache.ConfigurationEndpoint?.Address}:{cache.ConfigurationEndpoint?.Port}";
        if (await observation.LoadBalancer.GetAsync(cancellationToken) is { } balancer)
            facts[$"load balancer {balancer.Description.LoadBalancerName}"] = balancer.Description.DNSName;
        if (await configuration.CurrentAsync(cancellationToken) is { } current) facts["configuration"] = $"version {current.Version}";
        if (await DeploymentJournal.LastAsync(objects, cancellationToken) is { Open: true } journal) facts["unfinished deployment"] = $"{journal.Deployment}, {journal.Runs} runs, {journal.Position}";
        if (await RotationStore.UnfinishedAsync(objects, cancellationToken) is { Count: > 0 } rotations) facts["unfinished rotations"] = string.Join("; ", rotations);
        return facts;
    }

    private static async Task AddFleetAsync(Fleet fleet, SortedDictionary<string, string> facts, CancellationToken cancellationToken)
    {
        foreach (var webhead in await fleet.WebheadsAsync(cancellationToken))
            facts[$"{fleet.Role.Noun} {webhead.Id}"] = $"{webhead.State}, {webhead.Release}, launch spec {webhead.LaunchSpec}, {(webhead.Verdict.IsServing ? "serving" : "not serving")}";
    }

    private async Task AddTokenServerAsync(SortedDictionary<string, string> facts, CancellationToken cancellationToken)
    {
        await AddFleetAsync(tokenServer.Fleet, facts, cancellationToken);
        if (await tokenServer.Observation.LoadBalancer.GetAsync(cancellationToken) is { } balancer) facts[$"load balancer {balancer.Description.LoadBalancerName}"] = balancer.Description.DNSName;
        if (await tokenConfiguration.VersionAsync(cancellationToken) is { } version) facts["token server's configuration"] = $"version {version}";
    }

    private static string Describe(Image image) => $"{image.Name}, {image.State}, {(image.TagOf(ImageCatalog.VerifiedTag) is { } release ? $"verified as {release}" : "not verified")}";
}
