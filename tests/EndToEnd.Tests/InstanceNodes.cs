using System.Net;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>
/// A cluster whose dbnode is on EC2, as its users see it: what they wrote outlives the instance, and comes back from the second before a disaster; but not by a
/// backup that is damaged.
/// </summary>
internal sealed class InstanceNodes(Cluster cluster) : IDisposable
{
    private const string Host = "sync0.localhost";
    private const string First = "/storage/bookmarks/first";
    private const string Second = "/storage/bookmarks/second";
    private const int BackupDamaged = 7;

    // The cluster's name, as is that of the first of the webheads' two accounts.
    private const string Account = "sync2";

    private readonly AmazonEC2Client ec2 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonEC2Config()));
    private readonly AmazonS3Client s3 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));
    private readonly CloudView cloud = new(cluster);

    /// <summary>Deploys it: one webhead, and no other dbnode, since what is small comes up soon.</summary>
    public static async Task DeployAsync(Cluster cluster)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(cluster.SettingsFile))!;
        settings["webheads"]!["count"] = 1;
        settings["dbnodes"] = new JsonArray(new JsonObject
        {
            ["name"] = "db0",
            ["backend"] = "ec2",
            ["hosts"] = new JsonArray(new JsonObject { ["hostname"] = Host, ["database"] = "syncstorage0" }),
        });
        await File.WriteAllTextAsync(cluster.SettingsFile, settings.ToJsonString());

        var run = await cluster.RunAsync("Deploy");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
    }

    /// <summary>Heal has another instance take the volume over, and webheads go where that is.</summary>
    public async Task OutliveTheirInstanceAsync()
    {
        await WriteAsync(First);
        var before = (await cloud.InstancesAsync("dbnode")).Single();
        await ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [before] });

        var healed = await cluster.RunAsync("Heal");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(healed.ExitCode, Is.Zero, healed.Output);
            Assert.That(await cloud.InstancesAsync("dbnode"), Has.Count.EqualTo(1).And.None.EqualTo(before));
            Assert.That(await StatusAsync(First), Is.EqualTo(HttpStatusCode.OK), "what was written is on the volume");
        }
    }

    /// <summary>
    /// A user's data is gone by mistake, after the passwords were rotated. What is damaged is refused, and changes nothing; what is whole brings the data back, and not the
    /// old password.
    /// </summary>
    public async Task GoBackInTimeAsync()
    {
        await WriteAsync(Second);
        var time = await NextSecondAsync();
        var password = await PasswordAsync();
        var letIn = await LetsInAsync(password);
        var rotated = await cluster.RunAsync("Rotate-Database-Password");
        using (var user = await UserAsync()) await user.DeleteAsync("", CancellationToken.None);
        string[] restore = ["--node=db0", $"--to={time:yyyy-MM-dd'T'HH:mm:ss'Z'}"];
        var serving = await cloud.InstancesAsync("dbnode");
        var (key, whole) = await DamageAsync();

        var unapproved = await cluster.RunAsync("Restore-DB", restore);
        restore = [.. restore, $"--approve={Account}"];
        var refused = await cluster.RunAsync("Restore-DB", restore);
        var (after, gone) = (await cloud.InstancesAsync("dbnode"), await StatusAsync(Second));
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Cluster.Bucket, Key = key, InputStream = new MemoryStream(whole) });
        var restored = await cluster.RunAsync("Restore-DB", restore);

        var same = await cluster.RunAsync("Plan", "--detailed-exit-code");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((letIn, rotated.ExitCode), Is.EqualTo((true, 0)), rotated.Output);
            Assert.That(unapproved.Output, Does.Contain("SSD1503").And.Contain($"gives up what was written after {time:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
            Assert.That(refused.ExitCode, Is.EqualTo(BackupDamaged), refused.Output);
            Assert.That(refused.Output, Does.Contain("SSD1511").And.Contain("is not what was written"));
            Assert.That((after.SequenceEqual(serving), gone), Is.EqualTo((true, HttpStatusCode.NotFound)), "it serves as before");
            Assert.That(restored.ExitCode, Is.Zero, restored.Output);
            Assert.That((await StatusAsync(First), await StatusAsync(Second)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), "one by the binary log of the instance that died, one by that of the next");
            Assert.That(await LetsInAsync(password), Is.False, "the password was rotated away, perhaps since somebody knew it");
            Assert.That(same.ExitCode, Is.Zero, same.Output);
        }
    }

    public void Dispose()
    {
        ec2.Dispose();
        s3.Dispose();
        cloud.Dispose();
    }

    private async Task WriteAsync(string path)
    {
        using var user = await UserAsync();
        var written = await user.PutAsync(path, """{"payload": "of a user on EC2"}""", CancellationToken.None);
        Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK), written.Body);
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var user = await UserAsync();
        return (await user.GetAsync(path, CancellationToken.None)).Status;
    }

    private async Task<string> PasswordAsync()
    {
        using var ssm = new AmazonSimpleSystemsManagementClient(cluster.Connection().Credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));
        return (await ssm.GetParameterAsync(new GetParameterRequest { Name = $"/{Account}/db/db0/app", WithDecryption = true })).Parameter.Value;
    }

    /// <summary>Whether the dbnode that serves now lets the first of the webheads' two accounts in.</summary>
    private async Task<bool> LetsInAsync(string password)
    {
        var serving = (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [.. await cloud.InstancesAsync("dbnode")] })).Reservations.Single().Instances.Single();
        var address = new MySqlConnectionStringBuilder { Server = serving.PrivateIpAddress, UserID = Account, Password = password, SslMode = MySqlSslMode.Preferred, Pooling = false, ConnectionTimeout = 10 };
        await using var connection = new MySqlConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (MySqlException refusal) when (refusal.ErrorCode is MySqlErrorCode.AccessDenied || refusal.Message.Contains("locked", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private async Task<SyncStorageClient> UserAsync()
    {
        using var signers = new Signers(cluster);
        var secret = (await signers.ReadAsync([Host]))[Host].Secret;
        return new SyncStorageClient(new SyncStorageClientOptions { Origin = cluster.OriginOf(Host), Secret = secret, Uid = 66 }, TimeProvider.System);
    }

    // Binary logs know seconds: what comes after this one is no part of it.
    private static async Task<DateTimeOffset> NextSecondAsync()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await Task.Delay(now + TimeSpan.FromSeconds(1.05) - TimeProvider.System.GetUtcNow(), TimeProvider.System);
        return now;
    }

    /// <summary>Turns a bit of the binary log over that has most in it.</summary>
    private async Task<(string Key, byte[] Whole)> DamageAsync()
    {
        var objects = (await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Cluster.Bucket, Prefix = "dbnodes/db0/" })).S3Objects;
        var key = objects.Where(item => !item.Key.EndsWith(".json", StringComparison.Ordinal)).MaxBy(item => item.Size)!.Key;
        using var content = new MemoryStream();
        using (var answer = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Cluster.Bucket, Key = key })) await answer.ResponseStream.CopyToAsync(content);
        var damaged = content.ToArray();
        damaged[damaged.Length / 2] ^= 1;
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Cluster.Bucket, Key = key, InputStream = new MemoryStream(damaged) });
        return (key, content.ToArray());
    }
}
