using System.Net;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Aws;

public sealed class AccountGuardTests
{
    private readonly CallRecorder recorder = new();
    private readonly RecordingProgress progress = new();

    [Test]
    public async Task Check_OtherAccount_IsRefused()
    {
        using var connection = Connection("123456789012");
        using var clients = ClientsOf("999999999999");

        var error = await Assert.ThrowsAsync<PipelineException>(() => new AccountGuard(connection, clients, progress).CheckAsync(CancellationToken.None));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.WrongAccount));
        Assert.That(error.Message, Does.Contain("999999999999").And.Contain("123456789012"));
    }

    [Test]
    public async Task Check_SameAccount_AsksOnce()
    {
        using var connection = Connection("123456789012");
        using var clients = ClientsOf("123456789012");
        var guard = new AccountGuard(connection, clients, progress);

        await guard.CheckAsync(CancellationToken.None);
        var target = await guard.CheckAsync(CancellationToken.None);

        Assert.That(target.Region, Is.EqualTo("eu-west-1"));
        Assert.That(recorder.Calls.Reading, Is.EqualTo(1));
    }

    [Test]
    public void Target_NotOpened_IsAFaultOfTheProgram()
    {
        using var connection = Connection("123456789012");

        Assert.That(() => connection.Target, Throws.InvalidOperationException);
    }

    private Clients ClientsOf(string account) => new(
        () => new AwsTarget(null, "eu-west-1", account, new BasicAWSCredentials("AKIATEST", "secret"), IsLocal: false), recorder)
    {
        Network = new FakeNetwork((HttpStatusCode.OK, $"""
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/me</Arn><UserId>me</UserId><Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
            """)),
    };

    private static AwsConnection Connection(string account) => new(
        new CurrentEnvironment(() => new LoadedEnvironment("production", "/production.json", new EnvironmentSettings
        {
            Cluster = "sync2",
            Dbnodes = [],
            Aws = new AwsSettings { AccountId = account, Region = "eu-west-1" },
        })),
        new NoLocalCloud());

    private sealed class NoLocalCloud : ILocalCloud
    {
        public Task<LocalCloudEndpoint> EnsureRunningAsync(LocalCloudSettings settings, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("On AWS, LocalCloud is never started.");

        public Task<LocalCloudEndpoint?> FindAsync(LocalCloudSettings settings, CancellationToken cancellationToken) => Task.FromResult<LocalCloudEndpoint?>(null);
    }
}
