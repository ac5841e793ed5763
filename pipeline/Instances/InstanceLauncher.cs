using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Instances;

/// <summary>What is launched.</summary>
/// <param name="Step">Names the step of this deployment, for the client token.</param>
/// <param name="Role">A <see cref="ServiceRole"/>'s tag, <c>builder</c> or <c>admin</c>.</param>
/// <param name="ImageId">From which image.</param>
/// <param name="InstanceType">E.g. <c>t3.small</c>.</param>
/// <param name="GroupId">Its security group.</param>
/// <param name="InstanceProfile">Its profile's name, or null.</param>
/// <param name="UserData">A script.</param>
/// <param name="Tags">More tags than product, cluster, role and name.</param>
public sealed record LaunchRequest(
    string Step, string Role, string ImageId, string InstanceType, string GroupId, string? InstanceProfile, string UserData,
    IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>The deployment whose step it is; null for this run, whose steps nobody repeats.</summary>
    public string? Deployment { get; init; }

    /// <summary>Devices of the image whose snapshots are not encrypted: their volumes are. The others' are anyway.</summary>
    public IReadOnlyList<string> PlainDevices { get; init; } = [];
}

/// <summary>A zone that had no room for instances.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Count">How many were wanted there.</param>
/// <param name="Refusal">AWS's answer.</param>
public sealed record Shortage(ZoneSubnet Zone, int Count, Amazon.Runtime.AmazonServiceException Refusal);

/// <summary>Launches, watches and ends instances.</summary>
public sealed class InstanceLauncher(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, RunOptions options, Waiter waiter, TimeProvider time)
{
    // A launch that was sent is waited for even after Ctrl-C: only its answer says what has to be removed.
    private static readonly TimeSpan LaunchBudget = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LaunchGrace = TimeSpan.FromSeconds(2);

    private const double ProfileSeconds = 120;

    // In polls: twelve seconds at AWS's pace. What comes after it takes longer, whenever an instance is seen to run.
    private const int RunsAfter = 4;

    private long? lastLaunch;

    private Pace Pace => settings.Waits.Pace(settings.Waits.InstanceSeconds);

    /// <summary>Launches one instance, in the first zone that has room.</summary>
    public async Task<string> LaunchOneAsync(LaunchRequest request, CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        var launched = new List<string>();
        IReadOnlyList<Shortage> shortages = [];
        foreach (var subnet in network.Subnets)
        {
            shortages = await LaunchAsync(request, new Dictionary<ZoneSubnet, int> { [subnet] = 1 }, launched, cancellationToken);
            if (launched is [var id]) return id;
        }

        throw shortages[^1].Refusal;
    }

    /// <summary>Launches instances, one call a zone.</summary>
    /// <param name="request">What to launch.</param>
    /// <param name="counts">How many in which zone.</param>
    /// <param name="launched">Gets the ids, zone by zone: it has those that run also if a later zone fails.</param>
    /// <param name="cancellationToken">Cancels between calls.</param>
    /// <returns>The zones that have no room; all others were launched in.</returns>
    public async Task<IReadOnlyList<Shortage>> LaunchAsync(
        LaunchRequest request, IReadOnlyDictionary<ZoneSubnet, int> counts, ICollection<string> launched, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(launched);
        observation.Instances.Forget();
        var shortages = new List<Shortage>();
        foreach (var (zone, count) in counts.Where(pair => pair.Value > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var grace = new GracePeriod(LaunchBudget, LaunchGrace, time, cancellationToken);
            try
            {
                var answer = await RunAsync(request, RunRequest(request, zone, count), grace.Token, cancellationToken);
                foreach (var instance in answer.Reservation.Instances) launched.Add(instance.InstanceId);
                lastLaunch = waiter.Now;
            }
            catch (Amazon.Runtime.AmazonServiceException refusal) when (refusal.ErrorCode is "InsufficientInstanceCapacity" or "InsufficientFreeAddressesInSubnet")
            {
                shortages.Add(new Shortage(zone, count, refusal));
            }
        }

        return shortages;
    }

    /// <summary>Waits until all run.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TerminalState"/> with AWS's reason if one ends instead.</exception>
    public Task<IReadOnlyList<Instance>> WaitRunningAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        WaitAsync(
            ids, InstanceStateName.Running, [InstanceStateName.ShuttingDown, InstanceStateName.Terminated, InstanceStateName.Stopping, InstanceStateName.Stopped], cancellationToken,
            lastLaunch is { } since ? waiter.NotBefore(Pace, RunsAfter, since) : Pace);

    /// <summary>Waits until AWS knows all, in whatever state: for some seconds after a launch it may not.</summary>
    public Task WaitKnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => WaitAsync(ids, wanted: null, [], cancellationToken);

    /// <summary>Waits until an instance has stopped itself.</summary>
    public async Task WaitStoppedAsync(string id, Pace pace, CancellationToken cancellationToken) =>
        await WaitAsync([id], InstanceStateName.Stopped, [InstanceStateName.ShuttingDown, InstanceStateName.Terminated], cancellationToken, pace);

    /// <summary>Terminates instances; those that are gone are no error.</summary>
    public async Task TerminateAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return;
        await AwsErrors.IfThereAsync(() => clients.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [.. ids] }, cancellationToken));
        observation.Instances.Forget();
    }

    /// <summary>Terminates what an earlier run left of a temporary role.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> TerminateLeftoversAsync(string role, CancellationToken cancellationToken)
    {
        List<string> left = [.. (await observation.Instances.GetAsync(cancellationToken)).Where(instance => instance.TagOf("Role") == role).Select(instance => instance.InstanceId)];
        await TerminateAsync(left, cancellationToken);
        return left.Count;
    }

    /// <summary>The end of an instance's console, for errors; empty if there is none. It never hides the error that it is for.</summary>
    public async Task<string> ConsoleTailAsync(string id, int lines, CancellationToken cancellationToken)
    {
        string? output;
        try
        {
            output = (await clients.Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = id, Latest = true }, cancellationToken)).Output;
        }
        catch (Amazon.Runtime.AmazonServiceException exception)
        {
            return exception.IsMissing() ? "" : $"(its console can't be read: {exception.Message})";
        }

        if (string.IsNullOrEmpty(output)) return "";
        var text = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(output)).TrimEnd().Split('\n');
        return string.Join('\n', text.TakeLast(lines));
    }

    /// <summary>EC2 hears of a new instance profile some seconds after IAM: one that this pipeline makes is waited for, a wrong name in the settings is not.</summary>
    private async Task<RunInstancesResponse> RunAsync(LaunchRequest launch, RunInstancesRequest request, CancellationToken grace, CancellationToken cancellationToken)
    {
        try
        {
            return await clients.Ec2.RunInstancesAsync(request, grace);
        }
        catch (Amazon.Runtime.AmazonServiceException refusal) when (refusal.IsUnknownProfile() && settings.MakesProfile(launch.InstanceProfile))
        {
            return await waiter.UntilAsync($"instance profile {launch.InstanceProfile} to be known to EC2", settings.Waits.Pace(Math.Min(ProfileSeconds, settings.Waits.InstanceSeconds)), async token =>
            {
                try
                {
                    return Poll.Done(await clients.Ec2.RunInstancesAsync(request, token));
                }
                catch (Amazon.Runtime.AmazonServiceException again) when (again.IsUnknownProfile())
                {
                    return Poll.NotYet<RunInstancesResponse>(again.Message);
                }
            }, cancellationToken);
        }
    }

    private RunInstancesRequest RunRequest(LaunchRequest request, ZoneSubnet zone, int count)
    {
        var tags = ResourceTags.Of(names.Cluster, request.Role).With("Name", $"{names.Cluster}-{request.Role}").With("Deployment", request.Deployment ?? options.DeploymentId);
        foreach (var (key, value) in request.Tags) tags = tags.With(key, value);
        return new RunInstancesRequest
        {
            ClientToken = $"{request.Deployment ?? options.DeploymentId}-{request.Step}-{zone.Zone}",
            ImageId = request.ImageId,
            InstanceType = request.InstanceType,
            MinCount = count,
            MaxCount = count,
            SubnetId = zone.SubnetId,
            SecurityGroupIds = [request.GroupId],
            BlockDeviceMappings = request.PlainDevices.Count == 0
                ? null
                : [.. request.PlainDevices.Select(device => new BlockDeviceMapping { DeviceName = device, Ebs = new EbsBlockDevice { Encrypted = true } })],
            IamInstanceProfile = request.InstanceProfile is null ? null : new IamInstanceProfileSpecification { Name = request.InstanceProfile },
            InstanceInitiatedShutdownBehavior = ShutdownBehavior.Stop,
            MetadataOptions = new InstanceMetadataOptionsRequest { HttpTokens = HttpTokensState.Required, HttpEndpoint = InstanceMetadataEndpointState.Enabled },
            UserData = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(request.UserData)),
            TagSpecifications =
            [
                new TagSpecification { ResourceType = ResourceType.Instance, Tags = tags.ToEc2() },
                new TagSpecification { ResourceType = ResourceType.Volume, Tags = tags.ToEc2() },
            ],
        };
    }

    private async Task<IReadOnlyList<Instance>> WaitAsync(
        IReadOnlyCollection<string> ids, InstanceStateName? wanted, IReadOnlyList<InstanceStateName> terminal, CancellationToken cancellationToken, Pace? pace = null)
    {
        var found = await waiter.UntilAsync($"{string.Join(", ", ids)} to be {wanted?.Value ?? "known"}", pace ?? Pace, async token =>
        {
            // Right after a launch AWS may not know the id yet.
            var answer = await AwsErrors.UnlessMissingAsync(async () =>
                await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [.. ids] }, token));
            var seen = (answer?.Reservations ?? []).SelectMany(reservation => reservation.Instances ?? []).ToList();
            var lost = seen.Find(instance => terminal.Contains(instance.State.Name));
            if (lost is not null) return Poll.Failed<List<Instance>>($"{lost.InstanceId} is {lost.State.Name} ({lost.StateReason?.Message ?? "no reason given"})");
            return seen.Count == ids.Count && (wanted is null || seen.TrueForAll(instance => instance.State.Name == wanted))
                ? Poll.Done(seen)
                : Poll.NotYet<List<Instance>>(string.Join(", ", seen.GroupBy(instance => instance.State.Name.Value).Select(group => $"{group.Count()} {group.Key}").DefaultIfEmpty("not known yet")));
        }, cancellationToken);
        observation.Instances.Forget();
        return found;
    }
}

/// <summary>Reads tags of EC2 resources.</summary>
public static class TaggedInstance
{
    /// <summary>A tag's value, or null.</summary>
    public static string? TagOf(this Instance instance, string key)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return instance.Tags?.Find(tag => tag.Key == key)?.Value;
    }

    /// <summary>A tag's value, or null.</summary>
    public static string? TagOf(this Image image, string key)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Tags?.Find(tag => tag.Key == key)?.Value;
    }
}
