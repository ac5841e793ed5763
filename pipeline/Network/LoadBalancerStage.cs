using Amazon.ElasticLoadBalancing.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>Ensure-Load-Balancer: makes the classic load balancer, and puts back what drifted.</summary>
public sealed class LoadBalancerStage(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, LoadBalancerListeners listeners, InstanceProtocol protocol, ClusterCertificate certificate,
    RunOptions options, RunReport report, Waiter waiter, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var groups = await observation.SecurityGroups.GetAsync(cancellationToken);
        var groupId = groups.FirstOrDefault(group => group.GroupName == names.LoadBalancerGroup)?.GroupId ?? names.LoadBalancerGroup;
        var observed = await observation.LoadBalancer.GetAsync(cancellationToken);
        var differences = LoadBalancerPlan.Compare(await DesiredAsync(groupId, await certificate.PlannedAsync(cancellationToken), protocol.Wanted, cancellationToken), observed, names.Cluster);
        return [.. differences.SelectMany(difference => difference.Value).Select(value => PlannedChange.Of(
            observed is null ? ChangeKind.Create : ChangeKind.Update, $"load balancer {names.LoadBalancer}", value) with { Note = NoteOf(value, observed) })];
    }

    /// <summary>Brings the load balancer to what the settings say.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var spoken = await protocol.PossibleAsync(cancellationToken);
        if (spoken != protocol.Wanted) progress.Found($"not all webheads speak TLS yet: until they do, load balancer {names.LoadBalancer} speaks {spoken} to them");
        await BringAsync(spoken, cancellationToken);
    }

    /// <summary>After a rollout: where all webheads speak TLS by now, and the settings want it, so does the load balancer.</summary>
    /// <returns>Whether that changed here.</returns>
    public async Task<bool> EncryptAsync(CancellationToken cancellationToken)
    {
        if (protocol.Wanted == InstanceProtocol.Plain || await SpeaksAsync(InstanceProtocol.Encrypted, cancellationToken)) return false;
        observation.LoadBalancer.Forget();
        observation.Instances.Forget();
        if (await SpeaksAsync(InstanceProtocol.Encrypted, cancellationToken)) return false;
        if (await protocol.PossibleAsync(cancellationToken) != InstanceProtocol.Encrypted)
        {
            progress.Notice($"not all webheads of load balancer {names.LoadBalancer} speak TLS: it speaks plain HTTP to them until a Deploy or Ensure-Load-Balancer finds that they do");
            return false;
        }

        await BringAsync(InstanceProtocol.Encrypted, cancellationToken);
        return true;
    }

    /// <summary>Takes <see cref="EncryptAsync"/> back: webheads that speak TLS take plain HTTP, too.</summary>
    public Task DecryptAsync(CancellationToken cancellationToken) => BringAsync(InstanceProtocol.Plain, cancellationToken);

    private async Task<bool> SpeaksAsync(string spoken, CancellationToken cancellationToken) =>
        ((await observation.LoadBalancer.GetAsync(cancellationToken))?.Description.ListenerDescriptions ?? []).TrueForAll(item => item.Listener.InstanceProtocol == spoken);

    private async Task BringAsync(string spoken, CancellationToken cancellationToken)
    {
        var desired = await DesiredAsync(await observation.GroupIdAsync(names.LoadBalancerGroup, cancellationToken), await certificate.EnsureAsync(cancellationToken), spoken, cancellationToken);
        var observed = await observation.LoadBalancer.GetAsync(cancellationToken);
        var differences = LoadBalancerPlan.Compare(desired, observed, names.Cluster);
        if (differences.Count == 0)
        {
            var url = new Uri(Url(observed!.Description.DNSName));
            report.Reached(names.Role, url);
            progress.Found($"load balancer {desired.Name} is as the settings say: {url}");
            return;
        }

        LoadBalancerPlan.RequireSamePort(desired.InstancePort, observed, options.Approve == names.Cluster, names.Cluster);

        foreach (var (part, values) in differences)
        {
            await waiter.OncePossibleAsync(
                $"load balancer {desired.Name} to take changes", settings.Waits.Pace(settings.Waits.InstanceSeconds),
                async token =>
                {
                    await SetKnownAsync(part, desired, observed, token);
                    return true;
                },
                cancellationToken);
            progress.Changed($"load balancer {desired.Name}: {string.Join(", ", values)}");
        }

        if (observed is null)
        {
            // Attributes and tags of one that is new are as they were just set.
            observation.LoadBalancer.Forget(async token => await ObservedLoadBalancer.DescribeAsync(clients, desired.Name, token) is { } description
                ? new ObservedLoadBalancer(description, AttributesOf(desired), desired.Tags.Values)
                : null);
            return;
        }

        observation.LoadBalancer.Forget();
        await certificate.RemoveReplacedAsync(cancellationToken);
    }

    /// <summary>The address of the cluster's listener.</summary>
    public string Url(string dnsName) => new UriBuilder(settings.PublicScheme, dnsName, settings.LoadBalancer.Port).Uri.GetLeftPart(UriPartial.Authority);

    private string? NoteOf(ValueChange value, ObservedLoadBalancer? observed)
    {
        if (value.Name != "listener" || observed?.Description is not { Instances.Count: > 0 } description) return null;
        var there = (description.ListenerDescriptions ?? []).ConvertAll(item => item.Listener);

        // The load balancer sends to one port: who has the old one is not reached any more.
        if (there.Exists(listener => listener.InstancePort != settings.Webheads.Port)) return $"downtime: wants --approve={names.Cluster}";
        return there.Exists(listener => listener.InstanceProtocol != protocol.Wanted) ? "once all webheads speak it; while the listener is replaced, connections are refused for a moment" : null;
    }

    private async Task<DesiredLoadBalancer> DesiredAsync(string groupId, string? certificateArn, string spoken, CancellationToken cancellationToken) => new(
        names.LoadBalancer, ListenersOf(settings, certificateArn, spoken), settings.Webheads.Port, (await observation.Network.GetAsync(cancellationToken)).SubnetIds, groupId,
        settings.LoadBalancer.HealthCheck, settings.LoadBalancer.DrainSeconds, settings.LoadBalancer.IdleSeconds, ResourceTags.Of(names.Cluster, "lb"));

    // One that was just made is waited for. One that the settings name is there, or they are wrong.
    private async Task SetKnownAsync(LoadBalancerPart part, DesiredLoadBalancer desired, ObservedLoadBalancer? observed, CancellationToken cancellationToken)
    {
        try
        {
            await SetAsync(part, desired, observed, cancellationToken);
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode == "CertificateNotFound" && settings.LoadBalancer.Https?.CertificateArn is { } arn)
        {
            throw new PipelineException(
                ErrorCode.AwsRefused, $"The load balancer can't have the certificate {arn}: there is none.", lastSeen: refusal.Message,
                hint: "loadBalancer.https.certificateArn must name an issued certificate of ACM in the cluster's region (aws acm list-certificates), or one of IAM.");
        }
    }

    private static IReadOnlyList<DesiredListener> ListenersOf(EnvironmentSettings settings, string? certificateArn, string spoken)
    {
        var (port, instancePort) = (settings.LoadBalancer.Port, settings.Webheads.Port);
        if (settings.LoadBalancer.Https is not { } https) return [new DesiredListener("HTTP", port, instancePort, InstanceProtocol: spoken)];
        var serving = new DesiredListener("HTTPS", port, instancePort, certificateArn, https.Policy, spoken);

        // A classic load balancer redirects nobody: the webheads do, by what it says of the way that a request came.
        return settings.RedirectingPort is { } plain ? [serving, new DesiredListener("HTTP", plain, instancePort, InstanceProtocol: spoken)] : [serving];
    }

    private Task SetAsync(LoadBalancerPart part, DesiredLoadBalancer desired, ObservedLoadBalancer? observed, CancellationToken cancellationToken) => part switch
    {
        LoadBalancerPart.Existence => CreateAsync(desired, cancellationToken),
        LoadBalancerPart.Tags => clients.LoadBalancing.AddTagsAsync(
            new AddTagsRequest { LoadBalancerNames = [desired.Name], Tags = desired.Tags.Missing(observed!.Tags).ToElb() }, cancellationToken),
        LoadBalancerPart.Listeners => listeners.ReplaceAsync(desired, observed!, cancellationToken),
        LoadBalancerPart.Certificate => listeners.SetCertificateAsync(desired, cancellationToken),
        LoadBalancerPart.TlsPolicy => listeners.SetPolicyAsync(desired, observed, cancellationToken),
        LoadBalancerPart.Groups => clients.LoadBalancing.ApplySecurityGroupsToLoadBalancerAsync(
            new ApplySecurityGroupsToLoadBalancerRequest { LoadBalancerName = desired.Name, SecurityGroups = [desired.GroupId] }, cancellationToken),
        LoadBalancerPart.Subnets => ReplaceSubnetsAsync(desired, observed!, cancellationToken),
        LoadBalancerPart.HealthCheck => ConfigureCheckAsync(desired, cancellationToken),
        LoadBalancerPart.Attributes => ModifyAttributesAsync(desired, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private Task CreateAsync(DesiredLoadBalancer desired, CancellationToken cancellationToken) => clients.LoadBalancing.CreateLoadBalancerAsync(
        new CreateLoadBalancerRequest
        {
            LoadBalancerName = desired.Name,
            Listeners = [.. desired.Listeners.Select(LoadBalancerListeners.ToElb)],
            Subnets = [.. desired.SubnetIds],
            SecurityGroups = [desired.GroupId],
            Tags = desired.Tags.ToElb(),
        },
        cancellationToken);

    private async Task ReplaceSubnetsAsync(DesiredLoadBalancer desired, ObservedLoadBalancer observed, CancellationToken cancellationToken)
    {
        var seen = observed.Description.Subnets ?? [];
        var extra = seen.Except(desired.SubnetIds).ToList();
        var missing = desired.SubnetIds.Except(seen).ToList();

        // A zone holds one subnet of a load balancer, so those that go make room first, but never the last one.
        if (extra.Count > 0 && extra.Count < seen.Count)
            await clients.LoadBalancing.DetachLoadBalancerFromSubnetsAsync(
                new DetachLoadBalancerFromSubnetsRequest { LoadBalancerName = desired.Name, Subnets = extra }, cancellationToken);
        if (missing.Count > 0)
            await clients.LoadBalancing.AttachLoadBalancerToSubnetsAsync(
                new AttachLoadBalancerToSubnetsRequest { LoadBalancerName = desired.Name, Subnets = missing }, cancellationToken);
        if (extra.Count > 0 && extra.Count == seen.Count)
            await clients.LoadBalancing.DetachLoadBalancerFromSubnetsAsync(
                new DetachLoadBalancerFromSubnetsRequest { LoadBalancerName = desired.Name, Subnets = extra }, cancellationToken);
    }

    private Task ConfigureCheckAsync(DesiredLoadBalancer desired, CancellationToken cancellationToken) => clients.LoadBalancing.ConfigureHealthCheckAsync(
        new ConfigureHealthCheckRequest
        {
            LoadBalancerName = desired.Name,
            HealthCheck = new HealthCheck
            {
                Target = desired.CheckTarget,
                Interval = desired.Check.IntervalSeconds,
                Timeout = desired.Check.TimeoutSeconds,
                HealthyThreshold = desired.Check.HealthyThreshold,
                UnhealthyThreshold = desired.Check.UnhealthyThreshold,
            },
        },
        cancellationToken);

    private Task ModifyAttributesAsync(DesiredLoadBalancer desired, CancellationToken cancellationToken) => clients.LoadBalancing.ModifyLoadBalancerAttributesAsync(
        new ModifyLoadBalancerAttributesRequest
        {
            LoadBalancerName = desired.Name,
            LoadBalancerAttributes = AttributesOf(desired),
        },
        cancellationToken);

    private static LoadBalancerAttributes AttributesOf(DesiredLoadBalancer desired) => new()
    {
        ConnectionDraining = new ConnectionDraining { Enabled = true, Timeout = desired.DrainSeconds },
        ConnectionSettings = new ConnectionSettings { IdleTimeout = desired.IdleSeconds },
        CrossZoneLoadBalancing = new CrossZoneLoadBalancing { Enabled = true },
    };
}
