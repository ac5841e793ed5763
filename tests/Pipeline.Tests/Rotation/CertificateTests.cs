using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Rotation;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CertificateTests : IDisposable
{
    private const string Somebodys = "arn:aws:acm:eu-west-1:111111111111:certificate/0a";

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-");
    private readonly RecordingProgress progress = new();
    private readonly FakeTlsCloud cloud = new();
    private readonly MemoryBucket bucket;

    public CertificateTests() => bucket = new MemoryBucket(time);

    private string Trusted => File.ReadAllText(Path.Combine(folder.FullName, ClusterCertificate.FileName));

    private EnvironmentSettings Settings { get; set; } = TestSettings.Local with
    {
        LocalCloud = new LocalCloudSettings { StateDirectory = "." },
        LoadBalancer = new LoadBalancerSettings { Port = 8443, Https = new HttpsSettings { PlainHttp = "refuse" } },
    };

    public void Dispose()
    {
        bucket.Dispose();
        folder.Delete(recursive: true);
    }

    [Test]
    public void Make_TwoOfTheSameHostnames_EachIsTrustedByWhoTrustsBoth()
    {
        var from = time.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var old = ClusterCertificate.Make(["sync0.localhost"], from, from.AddDays(365), key);
        using var made = ClusterCertificate.Make(["sync0.localhost"], from.AddSeconds(7), from.AddDays(365), next);
        foreach (X509Certificate2Collection trusted in new X509Certificate2Collection[] { [old, made], [made, old] })
        {
            foreach (var shown in new[] { old, made })
            {
                using var chain = new X509Chain();
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                chain.ChainPolicy.VerificationTime = from.AddDays(1).UtcDateTime;
                chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
                using var alone = X509CertificateLoader.LoadCertificate(shown.RawData);

                Assert.That(chain.Build(alone), Is.True, string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
            }
        }
    }

    [Test]
    public async Task Rotate_OneIsShown_ShowsANewOneAndForgetsTheOld()
    {
        await DeployAsync();
        var before = cloud.Shown;
        time.Advance(TimeSpan.FromDays(30));

        await RotateAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Shown.Arn, Is.Not.EqualTo(before.Arn));
            Assert.That(cloud.Names, Is.EqualTo([cloud.Shown.Arn.Split("/")[^1]]));
            Assert.That(Trusted.TrimEnd(), Is.EqualTo(cloud.Shown.Pem!.TrimEnd()));
            Assert.That(await RotationStore.UnfinishedAsync(bucket.Objects, CancellationToken.None), Is.Empty);
        }
    }

    [Test]
    public async Task Rotate_KilledAtAnyChangeAndRunAgain_ClientsTrustWhatIsShownAllTheTime([Values("before", "after")] string when, [Range(1, 8)] int change)
    {
        await DeployAsync();
        var (before, deployed) = (cloud.Shown, cloud.Changes.Count);
        time.Advance(TimeSpan.FromDays(30));
        var distrusted = new List<string>();
        cloud.Around = at =>
        {
            if (!Trusted.Contains(cloud.Shown.Pem!.Trim(), StringComparison.Ordinal)) distrusted.Add(at);
            if (at == $"{when} {deployed + change}") throw new OperationCanceledException("killed");
        };

        var killed = await RotatesAsync();
        time.Advance(TimeSpan.FromHours(1));
        var again = killed && await RotatesAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again, Is.False, "the second run is not killed");
            Assert.That(distrusted, Is.Empty);
            Assert.That(cloud.Shown.Arn, Is.Not.EqualTo(before.Arn));
            Assert.That(cloud.Names.Count(), Is.EqualTo(1));
            Assert.That(Trusted.TrimEnd(), Is.EqualTo(cloud.Shown.Pem!.TrimEnd()));
            Assert.That(await RotationStore.UnfinishedAsync(bucket.Objects, CancellationToken.None), Is.Empty);
        }
    }

    [Test]
    public async Task Rotate_TheSettingsNameOne_ShowsThatAndDeletesNoneOfTheirs()
    {
        await DeployAsync();
        Settings = Settings with { LocalCloud = null, LoadBalancer = Settings.LoadBalancer with { Https = new HttpsSettings { CertificateArn = Somebodys, PlainHttp = "refuse" } } };
        var there = cloud.Names.ToList();

        await RotateAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Shown.Arn, Is.EqualTo(Somebodys));
            Assert.That(cloud.Names, Is.EqualTo(there));
        }
    }

    [Test]
    public async Task Rotate_NoHttps_SaysSo()
    {
        await DeployAsync();
        Settings = TestSettings.Local;

        var failure = (await Assert.ThrowsAsync<PipelineException>(RotateAsync))!;

        Assert.That((failure.Code, failure.Hint), Is.EqualTo((ErrorCode.RotationStopped, "docs/operations.md says how to set HTTPS up.")));
    }

    /// <summary>Whether the run was killed.</summary>
    private async Task<bool> RotatesAsync()
    {
        try
        {
            await RotateAsync();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task RotateAsync()
    {
        var (certificate, loadBalancer) = Stages();
        var journal = new DeploymentJournal(bucket.Objects, Options, time, progress);
        await journal.BeginAsync(DeploymentKind.Rotate, "start", CancellationToken.None);
        await new CertificateStage(Settings, certificate, loadBalancer, new ConfigStore(bucket.Bucket), new RotationStore(bucket.Objects), journal, time, progress).RunAsync(CancellationToken.None);
        await journal.EndAsync(failure: null, CancellationToken.None);
    }

    private async Task DeployAsync()
    {
        var (_, loadBalancer) = Stages();
        await loadBalancer.RunAsync(CancellationToken.None);
        await new ConfigStore(bucket.Bucket).PublishAsync(new ConfigDocument { Cluster = "sync2", Region = "eu-west-1", Nodes = [], Cache = new ConfigEndpoint("127.0.0.1", 11211) }, CancellationToken.None);
    }

    private RunOptions Options => new() { RepositoryRoot = folder.FullName };

    // As each run has them: nothing is known from before.
    private (ClusterCertificate Certificate, LoadBalancerStage LoadBalancer) Stages()
    {
        var waiter = new Waiter(new BudgetedTime(), progress);
        var certificate = new ClusterCertificate(cloud, Settings, TestSettings.Names, Options, waiter, time, progress);
        var observation = new Observation(cloud, Settings, TestSettings.Names);
        return (certificate, new LoadBalancerStage(
            cloud, Settings, TestSettings.Names, observation, new LoadBalancerListeners(cloud), new InstanceProtocol(Settings, observation), certificate, Options, new RunReport(new CallRecorder(), time),
            waiter, progress));
    }
}
