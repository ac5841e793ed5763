using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;
using SyncStorage.LocalCloud.Services.Elb;

namespace SyncStorage.LocalCloud.Tests.Elb;

/// <summary>The service on a state directory of its own, with instances that the test controls.</summary>
internal sealed class ElbHarness : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("elb-test-").FullName;
    private readonly TimeProvider time;

    public ElbHarness(TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        Metrics = new MetricStore(this.time);
        Service = NewService();
    }

    public FakeInstances Instances { get; } = new();

    public FakeGroups Groups { get; } = new("sg-1", "sg-2");

    public FakeCertificates Certificates { get; } = new();

    public MetricStore Metrics { get; }

    public ElbService Service { get; private set; }

    public int Port { get; } = FreePort();

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    public Uri Url(string path = "/") => new($"http://127.0.0.1:{Port}{path}");

    /// <summary>A load balancer <c>lb</c> with one listener to the instances' port, and thresholds of 2.</summary>
    public async Task CreateAsync(int instancePort, string target, bool draining = true)
    {
        await Service.CallAsync("CreateLoadBalancer", Create("lb", Port, instancePort));
        await Service.CallAsync("ConfigureHealthCheck", $$"""
            {"LoadBalancerName":"lb","HealthCheck":{"Target":"{{target}}","Interval":5,"Timeout":2,"UnhealthyThreshold":2,"HealthyThreshold":2}  }
            """);
        if (draining)
        {
            await Service.CallAsync("ModifyLoadBalancerAttributes",
                """{"LoadBalancerName":"lb","LoadBalancerAttributes":{"ConnectionDraining":{"Enabled":true,"Timeout":20}}}""");
        }
    }

    public static string Create(string name, int port, int instancePort = 8000) => $$"""
        {"LoadBalancerName":"{{name}}","SecurityGroups":["sg-1"],"Subnets":["subnet-0a00000000000000a","subnet-0b00000000000000b"],
         "Listeners":[{"Protocol":"HTTP","LoadBalancerPort":{{port}},"InstancePort":{{instancePort}}}],"Tags":[{"Key":"Cluster","Value":"sync2"}]}
        """;

    public async Task RegisterAsync(string id) =>
        await Service.CallAsync("RegisterInstancesWithLoadBalancer", $$"""{"LoadBalancerName":"lb","Instances":[{"InstanceId":"{{id}}"}]}""");

    public async Task DeregisterAsync(string id) =>
        await Service.CallAsync("DeregisterInstancesFromLoadBalancer", $$"""{"LoadBalancerName":"lb","Instances":[{"InstanceId":"{{id}}"}]}""");

    /// <summary>State, reason code and description of an instance.</summary>
    public async Task<(string State, string Reason, string Description)> HealthAsync(string id)
    {
        var output = await Service.CallAsync("DescribeInstanceHealth", $$"""{"LoadBalancerName":"lb","Instances":[{"InstanceId":"{{id}}"}]}""");
        var state = output["InstanceStates"]![0]!;
        return ((string)state["State"]!, (string)state["ReasonCode"]!, (string)state["Description"]!);
    }

    public async Task WaitForAsync(string id, string state) =>
        await Eventually.TrueAsync(async () => (await HealthAsync(id)).State == state, $"{id} becomes {state}");

    /// <summary>From now on nothing can be saved.</summary>
    public void BreakDisk()
    {
        Directory.Delete(Path.Combine(directory, "state"), recursive: true);
        File.WriteAllText(Path.Combine(directory, "state"), "no directory");
    }

    /// <summary>Ends the service and starts another one on the same state.</summary>
    public async Task RestartAsync()
    {
        await Service.DisposeAsync();
        Service = NewService();
        await Service.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Certificates.Dispose();
        await Service.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private ElbService NewService() => new(
        new CloudContext(directory, "us-east-1", "000000000000", new Uri("http://127.0.0.1:4599"), new TimeScale(0), time),
        Instances, Groups, Certificates, Metrics, NullLogger<ElbService>.Instance);
}
