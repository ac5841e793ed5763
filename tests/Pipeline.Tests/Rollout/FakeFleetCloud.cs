using System.Reflection;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElastiCache;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.RDS;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using SyncStorage.Pipeline.Aws;
using Instance = Amazon.EC2.Model.Instance;
using Tag = Amazon.EC2.Model.Tag;

namespace SyncStorage.Pipeline.Tests.Rollout;

/// <summary>Instances and a load balancer in memory: what joins serves at once, what leaves is gone at once. Calls can be made to fail.</summary>
internal sealed class FakeFleetCloud : IClients
{
    private readonly Dictionary<string, Instance> instances = [];

    public FakeFleetCloud()
    {
        Ec2 = (IAmazonEC2)Calls.To(typeof(IAmazonEC2), Answer);
        LoadBalancing = (IAmazonElasticLoadBalancing)Calls.To(typeof(IAmazonElasticLoadBalancing), Answer);
    }

    public IAmazonEC2 Ec2 { get; }

    public IAmazonElasticLoadBalancing LoadBalancing { get; }

    public IAmazonRDS Rds => throw new NotSupportedException();

    public IAmazonElastiCache ElastiCache => throw new NotSupportedException();

    public IAmazonSimpleSystemsManagement Ssm => throw new NotSupportedException();

    public IAmazonS3 S3 => throw new NotSupportedException();

    public IAmazonSecurityTokenService Sts => throw new NotSupportedException();

    /// <summary>Who is behind the load balancer.</summary>
    public SortedSet<string> Registered { get; } = new(StringComparer.Ordinal);

    /// <summary>Registered, but it will never serve.</summary>
    public HashSet<string> Broken { get; } = [];

    public IReadOnlyList<string> Running => [.. instances.Values.Where(instance => instance.State.Name == InstanceStateName.Running).Select(instance => instance.InstanceId).Order(StringComparer.Ordinal)];

    /// <summary>The calls that change something, in order: <c>register i-1</c>.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>Called before each answer; may throw.</summary>
    public Action<object> Before { get; set; } = _ => { };

    public void Add(string id, string launchSpec, bool registered)
    {
        instances[id] = new Instance
        {
            InstanceId = id,
            State = new Amazon.EC2.Model.InstanceState { Name = InstanceStateName.Running },
            LaunchTime = DateTime.UnixEpoch.AddMinutes(instances.Count),
            Placement = new Placement { AvailabilityZone = "a" },
            Tags = [new Tag("Role", "webhead"), new Tag("LaunchSpec", launchSpec), new Tag("Release", launchSpec)],
        };
        if (registered) Registered.Add(id);
    }

    private object Answer(object request)
    {
        Before(request);
        switch (request)
        {
            case DescribeInstancesRequest:
                return new DescribeInstancesResponse { Reservations = [new Reservation { Instances = [.. instances.Values.Where(instance => instance.State.Name == InstanceStateName.Running)] }] };
            case TerminateInstancesRequest terminate:
                Note("terminate", terminate.InstanceIds);
                foreach (var id in terminate.InstanceIds)
                {
                    instances[id].State.Name = InstanceStateName.Terminated;
                    Registered.Remove(id);
                }

                return new TerminateInstancesResponse();
            case DescribeInstanceHealthRequest:
                return new DescribeInstanceHealthResponse { InstanceStates = [.. Registered.Select(StateOf)] };
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

    private Amazon.ElasticLoadBalancing.Model.InstanceState StateOf(string id) => new()
    {
        InstanceId = id,
        State = Broken.Contains(id) ? "OutOfService" : "InService",
        Description = Broken.Contains(id) ? "Instance has failed at least 3 health checks." : "N/A",
    };

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
