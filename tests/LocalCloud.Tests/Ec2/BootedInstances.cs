using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Ec2;

/// <summary>A LocalCloud a test, whose instances are real processes. They are gone afterwards, also when the test failed half-way.</summary>
internal abstract class BootedInstances
{
    private readonly List<string> roots = [];

    protected LocalCloudFixture Cloud { get; private set; } = null!;

    protected AmazonEC2Client Ec2 { get; private set; } = null!;

    protected string BaseImage => Cloud.Services.GetRequiredService<IBaseImages>().ImageId("x86_64");

    [SetUp]
    public async Task StartCloud()
    {
        Cloud = await LocalCloudFixture.StartAsync();
        Ec2 = Cloud.Ec2();
    }

    [TearDown]
    public async Task StopCloud()
    {
        try
        {
            Ec2.Dispose();
            await Cloud.DisposeAsync();
        }
        finally
        {
            foreach (var root in roots) await Sweep.RunAsync(root, TimeProvider.System);
        }
    }

    protected string Root(string id) => new MachinePaths(Cloud.StateDirectory, id).Root;

    protected async Task<string> LaunchAsync(string image, string userData, CancellationToken cancellationToken, string? zone = null)
    {
        var response = await Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = image,
                MinCount = 1,
                MaxCount = 1,
                InstanceType = "t3.micro",
                Placement = zone is null ? null : new Placement { AvailabilityZone = zone },
                UserData = Convert.ToBase64String(Encoding.UTF8.GetBytes(userData)),
            },
            cancellationToken);
        var id = response.Reservation.Instances[0].InstanceId;
        roots.Add(Root(id));
        return id;
    }

    protected async Task<Instance> DescribeAsync(string id, CancellationToken cancellationToken)
    {
        var response = await Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [id] }, cancellationToken);
        return response.Reservations[0].Instances[0];
    }
}
