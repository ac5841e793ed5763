using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElastiCache.Model;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.RDS.Model;
using SyncStorage.TestSupport;
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>The Ansible modules for AWS: a playbook that makes a small site, makes it again, changes it and removes it.</summary>
[Category(Categories.Processes)]
[Parallelizable(ParallelScope.Self)]
internal sealed class AnsibleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly string[] Site = ["group", "database", "instances", "cache", "load balancer"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ansible-");
    private readonly int listener = SharedCloud.FreePort();
    private JsonArray plays = null!;
    private Left made = null!;

    private static LocalCloudFixture Cloud => SharedCloud.Cloud;

    [OneTimeSetUp]
    public async Task PlayAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var first = await PlayAsync("present.yml", [], patience.Token);
        made = await LeftAsync();
        var second = await PlayAsync("absent.yml", ["-e", $"image_id={made.Image.ImageId}"], patience.Token);
        plays = [.. first.Concat(second).Select(play => play!.DeepClone())];
    }

    [OneTimeTearDown]
    public void Remove() => folder.Delete(recursive: true);

    [Test]
    public void Make_NothingThere_MakesEverything() =>
        Assert.That(Site.Append("image").Select(task => (task, Changed("Make", task))), Has.All.Matches<(string, bool Changed)>(one => one.Changed));

    [Test]
    public void MakeAgain_EverythingThere_ChangesNothing() =>
        Assert.That(Site.Append("image").Select(task => (task, Changed("Make again", task))), Has.None.Matches<(string, bool Changed)>(one => one.Changed));

    [Test]
    public void Change_OtherValues_ChangesThem()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Site.Append("image").Where(task => task != "instances").Select(task => (task, Changed("Change", task))), Has.All.Matches<(string, bool Changed)>(one => one.Changed));
            Assert.That(made.Rules, Is.EquivalentTo((string[])["192.168.0.0/16 others", "itself"]));
            Assert.That((made.Database.BackupRetentionPeriod, made.Database.DBInstanceStatus), Is.EqualTo(((int?)4, "available")));
            Assert.That(made.Cluster.CacheNodes.Select(node => node.CacheNodeStatus), Is.EqualTo((string[])["available", "available"]));
            Assert.That(made.Balancer.AvailabilityZones, Is.EqualTo((string[])["us-east-1a"]));
            Assert.That(made.Balancer.HealthCheck.Target, Is.EqualTo("HTTP:8000/changed"));
            Assert.That(made.Balancer.Instances.Select(one => one.InstanceId), Is.EquivalentTo(made.Instances.Select(one => one.InstanceId)));
            Assert.That(made.Instances.Select(one => one.State.Name), Is.EqualTo(new[] { InstanceStateName.Running, InstanceStateName.Running }));
            Assert.That((made.Image.Description, made.Image.Tags.Count), Is.EqualTo(("changed", 2)));
            Assert.That(made.Permissions, Is.EqualTo((string[])["123456789012"]));
        }
    }

    [Test]
    public async Task Remove_Everything_LeavesASnapshot()
    {
        var balancers = (await Cloud.LoadBalancing().DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest())).LoadBalancerDescriptions ?? [];
        var groups = (await Cloud.Ec2().DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest())).SecurityGroups;
        var images = (await Cloud.Ec2().DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images ?? [];
        var clusters = (await Cloud.Caches().DescribeCacheClustersAsync(new DescribeCacheClustersRequest())).CacheClusters ?? [];
        var snapshot = (await Cloud.Rds().DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = "ansible-final" })).DBSnapshots.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Site.Append("image").Select(task => (task, Changed("Remove", task))), Has.All.Matches<(string, bool Changed)>(one => one.Changed));
            Assert.That(balancers.Select(one => one.LoadBalancerName), Does.Not.Contain("ansible-lb"));
            Assert.That(groups.Select(one => one.GroupName), Does.Not.Contain("ansible-web"));
            Assert.That(images.Select(one => one.Name), Does.Not.Contain("ansible-image"));
            Assert.That(clusters.Select(one => one.CacheClusterId), Does.Not.Contain("ansible-cache"));
            Assert.That(snapshot.DBInstanceIdentifier, Is.EqualTo("ansible-db"));
        }
    }

    private async Task<JsonArray> PlayAsync(string playbook, IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        var ansible = ClientPrograms.Find("ansible-playbook");
        var python = await ClientPrograms.PythonAsync();
        var environment = new Dictionary<string, string>
        {
            ["ANSIBLE_STDOUT_CALLBACK"] = "ansible.posix.json",
            ["ANSIBLE_HOME"] = folder.FullName,
            ["ANSIBLE_LOCAL_TEMP"] = folder.FullName,
            ["ANSIBLE_REMOTE_TEMP"] = folder.FullName,
            ["ANSIBLE_PIPELINING"] = "1",
            ["ANSIBLE_NOCOLOR"] = "1",
        };
        string[] arguments =
        [
            "-i", "localhost,", "-c", "local", Path.Combine(TestContext.CurrentContext.TestDirectory, "Clients", "ansible", playbook),
            "-e", $"endpoint={SharedCloud.Endpoint}", "-e", $"listener={listener}", "-e", $"ansible_python_interpreter={python}", .. more,
        ];
        var run = await ClientProcess.RunAsync(ansible, arguments, folder.FullName, environment, cancellationToken);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        return run.Json["plays"]!.AsArray();
    }

    private bool Changed(string play, string task)
    {
        var tasks = plays.Single(one => one!["play"]!["name"]!.ToString() == play)!["tasks"]!.AsArray();
        return (bool)tasks.Single(one => one!["task"]!["name"]!.ToString() == task)!["hosts"]!["localhost"]!["changed"]!;
    }

    private static async Task<Left> LeftAsync()
    {
        var ec2 = Cloud.Ec2();
        var group = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupNames = ["ansible-web"] })).SecurityGroups.Single();
        var instances = await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Filter("tag:Name", ["ansible-web"])] });
        var image = (await ec2.DescribeImagesAsync(new DescribeImagesRequest { Filters = [new Filter("name", ["ansible-image"])] })).Images.Single();
        var permissions = await ec2.DescribeImageAttributeAsync(new DescribeImageAttributeRequest { ImageId = image.ImageId, Attribute = ImageAttributeName.LaunchPermission });
        return new Left(
            [
                .. group.IpPermissions.SelectMany(one => one.Ipv4Ranges ?? []).Select(range => $"{range.CidrIp} {range.Description}"),
                .. group.IpPermissions.SelectMany(one => one.UserIdGroupPairs ?? []).Select(pair => pair.GroupId == group.GroupId ? "itself" : pair.GroupId),
            ],
            [.. instances.Reservations.SelectMany(one => one.Instances)],
            image,
            [.. permissions.ImageAttribute.LaunchPermissions.Select(one => one.UserId)],
            (await Cloud.LoadBalancing().DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest { LoadBalancerNames = ["ansible-lb"] })).LoadBalancerDescriptions.Single(),
            (await Cloud.Rds().DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "ansible-db" })).DBInstances.Single(),
            (await Cloud.Caches().DescribeCacheClustersAsync(new DescribeCacheClustersRequest { CacheClusterId = "ansible-cache", ShowCacheNodeInfo = true })).CacheClusters.Single());
    }

    /// <summary>What LocalCloud has of the site before it is removed.</summary>
    private sealed record Left(
        IReadOnlyList<string> Rules, IReadOnlyList<Amazon.EC2.Model.Instance> Instances, Image Image, IReadOnlyList<string> Permissions,
        LoadBalancerDescription Balancer, DBInstance Database, CacheCluster Cluster);
}
