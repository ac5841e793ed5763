using System.Reflection;
using Amazon.CloudWatch;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Monitoring;
using Instance = Amazon.EC2.Model.Instance;
using Tag = Amazon.EC2.Model.Tag;

namespace SyncStorage.Pipeline.Tests.Rollout;

/// <summary>
/// Instances, their agents and a load balancer in memory: what joins serves at once, what leaves is gone at once; webheads pass on what they
/// write. Calls can be made to fail, and instances not to be well.
/// </summary>
internal sealed class FakeFleetCloud : NoClients
{
    private readonly Dictionary<string, Instance> instances = [];
    private readonly Dictionary<string, (IReadOnlyList<string> Ids, string Command)> commands = [];
    private int launched;

    public FakeFleetCloud()
    {
        Ec2 = (IAmazonEC2)Calls.To(typeof(IAmazonEC2), Answer);
        Ssm = (IAmazonSimpleSystemsManagement)Calls.To(typeof(IAmazonSimpleSystemsManagement), Answer);
        LoadBalancing = (IAmazonElasticLoadBalancing)Calls.To(typeof(IAmazonElasticLoadBalancing), Answer);
    }

    public override IAmazonEC2 Ec2 { get; }

    public override IAmazonElasticLoadBalancing LoadBalancing { get; }

    public override IAmazonSimpleSystemsManagement Ssm { get; }

    public override IAmazonCloudWatch CloudWatch => Monitoring.CloudWatch;

    /// <summary>The alarms.</summary>
    public FakeCloudWatch Monitoring { get; } = new();

    /// <summary>Who is behind the load balancer.</summary>
    public SortedSet<string> Registered { get; } = new(StringComparer.Ordinal);

    /// <summary>Registered, but it will never serve.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>For how many launches EC2 does not know the instance profile.</summary>
    public int UnknownProfileFor { get; set; }

    /// <summary>Instances whose deregistration never ends: somebody's request is in flight for ever.</summary>
    public HashSet<string> Lingering { get; } = [];

    /// <summary>Releases whose heartbeat is not good.</summary>
    public HashSet<string> Ill { get; } = [];

    /// <summary>Instances that neither read what others write, nor can be told to.</summary>
    public HashSet<string> Blind { get; } = [];

    /// <summary>Instances on which nothing can be written.</summary>
    public HashSet<string> Mute { get; } = [];

    /// <summary>Instances whose agent answers, and on which no command ends.</summary>
    public HashSet<string> Hung { get; } = [];

    /// <summary>The configuration that webheads have after a nudge, and what keeps each of these from having it.</summary>
    public int Configuration { get; set; } = 1;

    /// <summary>Webheads that do not take the configuration, with what each says.</summary>
    public Dictionary<string, string> Behind { get; } = [];

    /// <summary>What a look at a dbnode tells: how many users it has.</summary>
    public int Users { get; set; }

    /// <summary>What token servers answer to a command, as JSON; null for what webheads would.</summary>
    public Func<string, string?> TokenServers { get; set; } = _ => null;

    /// <summary>How often what was launched is not listed yet.</summary>
    public int UnlistedFor { get; set; }

    /// <summary>Zones without room.</summary>
    public HashSet<string> Full { get; } = [];

    /// <summary>Commands that were sent, with how many instances each.</summary>
    public List<(string Command, int Instances)> Sent { get; } = [];

    public IReadOnlyList<string> Serving => [.. Registered.Where(id => !Broken.Contains(id))];

    public IReadOnlyList<string> Running => [.. instances.Values.Where(instance => instance.State.Name == InstanceStateName.Running).Select(instance => instance.InstanceId).Order(StringComparer.Ordinal)];

    /// <summary>The calls that change something, in order: <c>register i-1</c>.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Called before each answer; may throw.</summary>
    public Action<object> Before { get; set; } = _ => { };

    public void Add(string id, string launchSpec, bool registered, string zone = "a", InstanceStateName? state = null, string role = "webhead")
    {
        instances[id] = new Instance
        {
            InstanceId = id,
            ImageId = $"ami-{launchSpec}",
            InstanceType = InstanceType.T3Small,
            SecurityGroups = [new GroupIdentifier { GroupId = "sg-1" }],
            State = new Amazon.EC2.Model.InstanceState { Name = state ?? InstanceStateName.Running },
            LaunchTime = DateTime.UnixEpoch.AddMinutes(instances.Count),
            Placement = new Placement { AvailabilityZone = zone },
            Tags = [new Tag("Role", role), new Tag("LaunchSpec", launchSpec), new Tag("Release", launchSpec)],
        };
        if (registered) Registered.Add(id);
    }

    /// <summary>An instance ends; the load balancer finds out.</summary>
    public void Kill(string id)
    {
        instances[id].State.Name = InstanceStateName.Terminated;
        Broken.Add(id);
    }

    /// <summary>The instances that run, by zone.</summary>
    public Dictionary<string, int> PerZone(IEnumerable<string> ids) => ids.GroupBy(id => instances[id].Placement.AvailabilityZone).ToDictionary(zone => zone.Key, zone => zone.Count());

    public string ReleaseOf(string id) => instances[id].Tags.Find(tag => tag.Key == "Release")!.Value;

    private object Answer(object request)
    {
        Before(request);
        switch (request)
        {
            case DescribeInstancesRequest describe when launched > 0 && UnlistedFor-- > 0:
                return describe.InstanceIds is null ? new DescribeInstancesResponse() : throw new AmazonEC2Exception("not known yet") { ErrorCode = "InvalidInstanceID.NotFound" };
            case DescribeInstancesRequest describe:
                return new DescribeInstancesResponse
                {
                    Reservations = [new Reservation { Instances = [.. instances.Values.Where(instance => describe.InstanceIds?.Contains(instance.InstanceId) ?? instance.State.Name != InstanceStateName.Terminated)] }],
                };
            case DescribeVpcsRequest:
                return new DescribeVpcsResponse { Vpcs = [new Vpc { VpcId = "vpc-1" }] };
            case DescribeSubnetsRequest:
                return new DescribeSubnetsResponse { Subnets = [.. new[] { "a", "b", "c" }.Select(zone => new Subnet { SubnetId = $"subnet-{zone}", AvailabilityZone = zone, DefaultForAz = true })] };
            case GetConsoleOutputRequest:
                return new GetConsoleOutputResponse();
            case RunInstancesRequest run:
                return Launch(run);
            case DescribeInstanceInformationRequest online:
                return new DescribeInstanceInformationResponse { InstanceInformationList = [.. online.Filters[0].Values.Select(id => new InstanceInformation { InstanceId = id, PingStatus = PingStatus.Online })] };
            case SendCommandRequest send:
                var command = $"c-{commands.Count}";
                commands[command] = (send.InstanceIds, send.Parameters["commands"][0]);
                Sent.Add((send.Parameters["commands"][0], send.InstanceIds.Count));
                return new SendCommandResponse { Command = new Command { CommandId = command } };
            case ListCommandInvocationsRequest list:
                var (ids, line) = commands[list.CommandId];
                return new ListCommandInvocationsResponse { CommandInvocations = [.. ids.Select(id => Hung.Contains(id) ? new CommandInvocation { InstanceId = id, Status = CommandInvocationStatus.InProgress } : Ran(id, line))] };
            case TerminateInstancesRequest terminate:
                Note("terminate", terminate.InstanceIds);
                foreach (var id in terminate.InstanceIds)
                {
                    instances[id].State.Name = InstanceStateName.Terminated;
                    Registered.Remove(id);
                }

                return new TerminateInstancesResponse();
            case CreateTagsRequest tag:
                Note("tag", tag.Resources);
                foreach (var id in tag.Resources) instances[id].Tags = [.. instances[id].Tags.Where(other => tag.Tags.TrueForAll(one => one.Key != other.Key)), .. tag.Tags];
                return new CreateTagsResponse();
            case DescribeInstanceHealthRequest:
                return new DescribeInstanceHealthResponse { InstanceStates = [.. Registered.Select(StateOf), .. Lingering.Where(id => instances.ContainsKey(id) && !Registered.Contains(id)).Select(Draining)] };
            case RegisterInstancesWithLoadBalancerRequest register:
                Note("register", register.Instances.Select(instance => instance.InstanceId));
                Registered.UnionWith(register.Instances.Select(instance => instance.InstanceId));
                return new RegisterInstancesWithLoadBalancerResponse();
            case DeregisterInstancesFromLoadBalancerRequest deregister:
                Note("deregister", deregister.Instances.Select(instance => instance.InstanceId));
                Registered.ExceptWith(deregister.Instances.Select(instance => instance.InstanceId));
                return new DeregisterInstancesFromLoadBalancerResponse();
            default:
                throw new NotSupportedException(request.GetType().Name);
        }
    }

    private RunInstancesResponse Launch(RunInstancesRequest run)
    {
        var zone = run.SubnetId[^1..];
        if (UnknownProfileFor-- > 0) throw new AmazonEC2Exception("Invalid IAM Instance Profile name") { ErrorCode = "InvalidParameterValue" };
        if (Full.Contains(zone)) throw new AmazonEC2Exception("no capacity") { ErrorCode = "InsufficientInstanceCapacity" };
        var tags = run.TagSpecifications[0].Tags;
        var ids = Enumerable.Range(0, run.MinCount!.Value).Select(_ => $"{tags.Find(tag => tag.Key == "Release")!.Value}+{++launched}").ToList();
        Note("launch", ids);
        foreach (var id in ids)
        {
            Add(id, "", registered: false, zone);
            (instances[id].Tags, instances[id].ImageId) = (tags, run.ImageId);
        }

        return new RunInstancesResponse { Reservation = new Reservation { Instances = [.. ids.Select(id => instances[id])] } };
    }

    private CommandInvocation Ran(string id, string command)
    {
        if (TokenServers(command) is { } json) return Ended(id, json.Contains("\"ok\":true", StringComparison.Ordinal), json);
        if (command.Contains("/__admin__/reload", StringComparison.Ordinal))
            return Ended(id, true, Behind.TryGetValue(id, out var error) ? $$"""{"configuration":{{Configuration - 1}},"error":"{{error}}"}""" : $$"""{"configuration":{{Configuration}},"error":null}""");
        if (command.Contains(" usage ", StringComparison.Ordinal))
            return Ended(id, true, $$"""{"ok":true,"users":{{Users}},"about":false,"bytes":4096,"statements":100,"uptimeSeconds":10,"connections":3,"mostConnections":150,"databases":[]}""");
        var good = command.Contains(" exchange ", StringComparison.Ordinal)
            ? !(Mute.Contains(id) && command.Contains("--write", StringComparison.Ordinal)) && !(Blind.Contains(id) && command.Contains("--read", StringComparison.Ordinal))
            : !Ill.Contains(ReleaseOf(id));
        var answer = good ? $$"""{"ok":true,"item":"x{{id}}"}""" : """{"ok":false,"hosts":[{"hostname":"sync0.localhost","ok":false,"error":"meta: ITEM is not there"}],"heartbeat":{"status":"degraded"},"error":"bad"}""";
        return Ended(id, good, answer.Replace("ITEM", command.Split("--read '")[^1].Split('\'')[0], StringComparison.Ordinal));
    }

    private static CommandInvocation Ended(string id, bool good, string answer) => new()
    {
        InstanceId = id,
        Status = good ? CommandInvocationStatus.Success : CommandInvocationStatus.Failed,
        CommandPlugins = [new CommandPlugin { ResponseCode = good ? 0 : 1, Output = answer }],
    };

    private Amazon.ElasticLoadBalancing.Model.InstanceState StateOf(string id) => new()
    {
        InstanceId = id,
        State = Broken.Contains(id) ? "OutOfService" : "InService",
        Description = Broken.Contains(id) ? "Instance has failed at least 3 health checks." : "N/A",
    };

    private static Amazon.ElasticLoadBalancing.Model.InstanceState Draining(string id) =>
        new() { InstanceId = id, State = "InService", Description = "Instance deregistration currently in progress." };

    private void Note(string what, IEnumerable<string> ids) => Changes.Add($"{what} {string.Join(',', ids)}");

    /// <summary>An AWS client whose every call is answered from its request.</summary>
#pragma warning disable CA1852 // The proxy derives from it when the tests run.
    internal class Calls : DispatchProxy
#pragma warning restore CA1852
    {
        private Func<object, object> answer = _ => throw new NotSupportedException();

        public static object To(Type client, Func<object, object> answer)
        {
            var calls = Create(client, typeof(Calls));
            ((Calls)calls).answer = answer;
            return calls;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var result = targetMethod!.ReturnType.GetGenericArguments().Single();
            var how = typeof(Calls).GetMethod(nameof(RunAsync), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(result);
            return how.Invoke(null, [answer, args![0], args[^1]]);
        }

        private static async Task<T> RunAsync<T>(Func<object, object> answer, object request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return (T)answer(request);
        }
    }
}
