using System.Diagnostics;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Ansible;

/// <summary>This project's side: the stages that make the same resources, in one run of the build.</summary>
/// <param name="cluster">The cluster.</param>
internal sealed class Stages(Cluster cluster)
{
    /// <summary>What the cluster's names begin with.</summary>
    public const string Name = "sync2";

    private static readonly string[] Prepared = ["Ensure-Bucket", "Ensure-Roles", "Ensure-Security-Groups", "Bake-AMI"];
    private static readonly string[] Measured = ["Ensure-Security-Groups", "Request-Data-Stores", "Ensure-Load-Balancer", "Request-Webheads", "Ensure-DB", "Ensure-Cache", "Publish-Config", "Rolling-Deploy"];

    /// <summary>One dbnode is enough to compare with.</summary>
    public static async Task OneDatabaseAsync(Cluster cluster)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(cluster.SettingsFile))!;
        var nodes = settings["dbnodes"]!.AsArray();
        while (nodes.Count > 1) nodes.RemoveAt(nodes.Count - 1);
        await File.WriteAllTextAsync(cluster.SettingsFile, settings.ToJsonString());
    }

    /// <summary>Bakes the image, for both sides, and takes away again what the stages are to make.</summary>
    /// <returns>The image's name.</returns>
    public async Task<string> BakeAsync()
    {
        await cluster.ExpectAsync(0, "Build-Webhead");
        await cluster.ExpectAsync(0, Prepared[0], Arguments(Prepared[1..]));
        using var ec2 = new AmazonEC2Client(cluster.Connection().Credentials, cluster.Configured(new AmazonEC2Config()));
        await RemoveGroupsAsync(ec2);
        var images = (await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images ?? [];
        return images.Single().Name;
    }

    /// <summary>Runs the stages.</summary>
    /// <returns>How long the whole run took, and how many calls changed something.</returns>
    /// <exception cref="HarnessException">A stage failed.</exception>
    public async Task<(double Seconds, int Changed)> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await cluster.ExpectAsync(0, Measured[0], Arguments(Measured[1..]));
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, (int)cluster.LastReport["apiCalls"]!["mutating"]!);
    }

    private static string[] Arguments(IEnumerable<string> more) => [.. more.Select(target => $"--target={target}"), "--exclusive"];

    // Those that others name in their rules go last.
    private static async Task RemoveGroupsAsync(AmazonEC2Client ec2)
    {
        var request = new DescribeSecurityGroupsRequest { Filters = [new Amazon.EC2.Model.Filter("tag:Cluster", [Name])] };
        var groups = (await ec2.DescribeSecurityGroupsAsync(request)).SecurityGroups ?? [];
        foreach (var group in groups.Where(group => group.IpPermissions is { Count: > 0 }))
            await ec2.RevokeSecurityGroupIngressAsync(new RevokeSecurityGroupIngressRequest { GroupId = group.GroupId, IpPermissions = group.IpPermissions });
        foreach (var group in groups) await ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = group.GroupId });
    }
}
