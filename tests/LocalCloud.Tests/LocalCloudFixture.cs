using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.EC2;
using Amazon.ElastiCache;
using Amazon.ElasticLoadBalancing;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Hosting;
using SyncStorage.LocalCloud.Security;

namespace SyncStorage.LocalCloud.Tests;

/// <summary>
/// A LocalCloud in this process, on a port and a state directory of its own, with SDK clients for it. Its traffic is
/// recorded for the validation against the official models. Dispose it: its data plane and its files go with it.
/// </summary>
internal sealed class LocalCloudFixture : IAsyncDisposable
{
    private readonly List<IDisposable> clients = [];
    private LocalCloudServer server;

    private LocalCloudFixture(RunOptions options, LocalCloudServer server)
    {
        Options = options;
        this.server = server;
    }

    public RunOptions Options { get; private set; }

    public Uri Endpoint => server.Cloud.Endpoint;

    public string StateDirectory => server.Cloud.StateDirectory;

    public IServiceProvider Services => server.Services;

    public AWSCredentials Credentials
    {
        get
        {
            var known = Services.GetRequiredService<CredentialStore>().Operator;
            return new BasicAWSCredentials(known.AccessKeyId, known.SecretAccessKey);
        }
    }

    public static async Task<LocalCloudFixture> StartAsync(double timeScale = 0, TimeProvider? time = null)
    {
        var options = new RunOptions
        {
            StateDirectory = Directory.CreateTempSubdirectory("localcloud-tests-").FullName,
            TimeScale = timeScale,
            RecordFile = Recordings.NewFile(),
            Time = time ?? TimeProvider.System,
        };
        return new LocalCloudFixture(options, await LocalCloudServer.StartAsync(options, CancellationToken.None));
    }

    /// <summary>Stops it and starts it again on the same state and port; <paramref name="meanwhile"/> happens in between.</summary>
    public async Task RestartAsync(bool keepProcesses, Action? meanwhile = null)
    {
        var port = Endpoint.Port;
        await server.StopAsync(keepProcesses, CancellationToken.None);
        await server.DisposeAsync();
        meanwhile?.Invoke();
        Options = Options with { Port = port };
        server = await LocalCloudServer.StartAsync(Options, CancellationToken.None);
    }

    public AmazonS3Client S3() => Own(new AmazonS3Client(Credentials, Configure(new AmazonS3Config { ForcePathStyle = true })));

    public AmazonSimpleSystemsManagementClient Ssm() => Own(new AmazonSimpleSystemsManagementClient(Credentials, Configure(new AmazonSimpleSystemsManagementConfig())));

    public AmazonSecurityTokenServiceClient Sts() => Own(new AmazonSecurityTokenServiceClient(Credentials, Configure(new AmazonSecurityTokenServiceConfig())));

    public AmazonEC2Client Ec2() => Own(new AmazonEC2Client(Credentials, Configure(new AmazonEC2Config())));

    public AmazonIdentityManagementServiceClient Iam() =>
        Own(new AmazonIdentityManagementServiceClient(Credentials, Configure(new AmazonIdentityManagementServiceConfig())));

    public AmazonCloudWatchClient CloudWatch() => Own(new AmazonCloudWatchClient(Credentials, Configure(new AmazonCloudWatchConfig())));

    public AmazonCloudWatchLogsClient Logs() => Own(new AmazonCloudWatchLogsClient(Credentials, Configure(new AmazonCloudWatchLogsConfig())));

    public AmazonElasticLoadBalancingClient LoadBalancing() => Own(new AmazonElasticLoadBalancingClient(Credentials, Configure(new AmazonElasticLoadBalancingConfig())));

    public AmazonRDSClient Rds() => Own(new AmazonRDSClient(Credentials, Configure(new AmazonRDSConfig())));

    public AmazonElastiCacheClient Caches() => Own(new AmazonElastiCacheClient(Credentials, Configure(new AmazonElastiCacheConfig())));

    /// <summary>Makes an instance profile and its role, both of one name, with one inline policy.</summary>
    /// <param name="name">The name of both.</param>
    /// <param name="statements">The policy's statements; by default one that allows nothing of use.</param>
    public async Task MakeProfileAsync(string name, string statements = """{"Effect": "Allow", "Action": "ssm:UpdateInstanceInformation", "Resource": "*"}""")
    {
        const string Trust = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}""";
        using var iam = new AmazonIdentityManagementServiceClient(Credentials, Configure(new AmazonIdentityManagementServiceConfig()));
        await iam.CreateRoleAsync(new CreateRoleRequest { RoleName = name, AssumeRolePolicyDocument = Trust });
        await iam.PutRolePolicyAsync(new PutRolePolicyRequest { RoleName = name, PolicyName = "access", PolicyDocument = Policy(statements) });
        await iam.CreateInstanceProfileAsync(new CreateInstanceProfileRequest { InstanceProfileName = name });
        await iam.AddRoleToInstanceProfileAsync(new AddRoleToInstanceProfileRequest { InstanceProfileName = name, RoleName = name });
    }

    /// <summary>A policy of these statements.</summary>
    public static string Policy(string statements) => $$"""{"Version": "2012-10-17", "Statement": [{{statements}}]}""";

    /// <summary>Points any client's configuration here, without retries, so that a test sees the first answer.</summary>
    public T Configure<T>(T config)
        where T : ClientConfig
    {
        config.ServiceURL = Endpoint.GetLeftPart(UriPartial.Authority);
        config.AuthenticationRegion = Options.Region;
        config.MaxErrorRetry = 0;
        return config;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(StateDirectory, recursive: true);
    }

    /// <summary>Disposes a client together with this.</summary>
    public T Own<T>(T client)
        where T : IDisposable
    {
        lock (clients) clients.Add(client);
        return client;
    }
}

/// <summary>Where the traffic of this test session is recorded.</summary>
internal static class Recordings
{
    public static string Folder { get; } = Directory.CreateTempSubdirectory("localcloud-recordings-").FullName;

    public static string NewFile() => Path.Combine(Folder, $"{Guid.NewGuid():N}.jsonl");
}

/// <summary>Removes the recordings after the last test.</summary>
[SetUpFixture]
public sealed class RecordingsLifetime
{
    [OneTimeTearDown]
    public void Remove() => Directory.Delete(Recordings.Folder, recursive: true);
}
