using Amazon.EC2.Model;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.State;
using SyncStorage.TestSupport;

namespace SyncStorage.Pipeline.Tests.DatabaseInstances;

/// <summary>
/// The life of a dbnode on EC2, by the pipeline's own stages on LocalCloud: its image is baked, a real MariaDB serves from a volume, dies, is taken over,
/// is restored, is not restored from what is damaged, and is removed. One life, since its steps need each other.
/// </summary>
[Category(Categories.Processes)]
public sealed class DatabaseInstanceTests
{
    private readonly LocalCluster cluster = new(TestSettings.Node with { Backend = "ec2", InstanceClass = "db.t3.small", StorageGiB = 20 });

    [TearDown]
    public async Task End() => await cluster.DisposeAsync();

    [Test]
    [CancelAfter(180_000)]
    public async Task Life_MadeKilledTakenOverRestoredRemoved_LosesNothingThatWasWanted(CancellationToken cancellationToken)
    {
        var made = await MakeAsync(cancellationToken);
        await ConvergeAgainAsync(made, cancellationToken);
        await QueryAsync("CREATE DATABASE app; CREATE TABLE app.t (id INT PRIMARY KEY); INSERT INTO app.t VALUES (1)", cancellationToken);

        var takenOver = await KillAsync(made, cancellationToken);
        var time = await DisasterAsync(cancellationToken);
        await RefuseDamagedAsync(takenOver, time, cancellationToken);
        await RestoreAsync(takenOver, time, cancellationToken);
        await RemoveAsync(cancellationToken);
    }

    private async Task<ObservedNode> MakeAsync(CancellationToken cancellationToken)
    {
        await cluster.BundleAsync(cancellationToken);
        var made = await cluster.RunAsync(
            async services =>
            {
                await services.GetRequiredService<BucketStage>().RunAsync(cancellationToken);
                await services.GetRequiredService<RoleStage>().RunAsync(cancellationToken);
                await services.GetRequiredService<SecurityGroupStage>().RunAsync(cancellationToken);
                await services.GetRequiredService<DatabaseImage>().RunAsync(cancellationToken);
                await services.GetRequiredService<DatabaseInstanceStage>().RunAsync(cancellationToken);
                return await ObserveAsync(services, cancellationToken);
            }, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((made.Status, made.Volume!.Encrypted == true, made.Volume.Size ?? 0), Is.EqualTo(("available", true, 20)));
            Assert.That(made.Volume.Attachments.Single().DeleteOnTermination, Is.False, "the volume outlives its instance");
            Assert.That(cluster.Told, Does.Not.Contain("a backup could not be made"));
        }

        return made;
    }

    private async Task ConvergeAgainAsync(ObservedNode made, CancellationToken cancellationToken)
    {
        var (changes, mutating, reading, again) = await cluster.RunAsync(
            async services =>
            {
                var planned = await services.GetRequiredService<DatabaseInstanceStage>().PlanAsync(cancellationToken);
                var before = services.GetRequiredService<CallRecorder>().Calls;
                await services.GetRequiredService<DatabaseImage>().RunAsync(cancellationToken);
                await services.GetRequiredService<DatabaseInstanceStage>().RunAsync(cancellationToken);
                var after = services.GetRequiredService<CallRecorder>().Calls;
                return (planned, after.Mutating - before.Mutating, WithoutPolls(after) - WithoutPolls(before), await ObserveAsync(services, cancellationToken));
            }, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(changes, Is.Empty);
            Assert.That((again.Volume!.VolumeId, again.Instance!.InstanceId), Is.EqualTo((made.Volume!.VolumeId, made.Instance!.InstanceId)));
            Assert.That((mutating, reading <= 3), Is.EqualTo((0, true)), $"{reading}: its agent, the command, its answer");
        }
    }

    private static int WithoutPolls(ApiCalls calls) =>
        calls.ByOperation.Where(one => one.Kind is CallKind.Reading or CallKind.Remote).Sum(one => one.Count - one.Polls);

    private async Task<ObservedNode> KillAsync(ObservedNode made, CancellationToken cancellationToken)
    {
        var seen = await cluster.RunAsync(
            async services =>
            {
                var (clients, observation) = (services.GetRequiredService<IClients>(), services.GetRequiredService<Observation>());
                await clients.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [made.Instance!.InstanceId] }, cancellationToken);
                observation.Instances.Forget();
                var planned = await services.GetRequiredService<DatabaseInstanceStage>().PlanAsync(cancellationToken);
                await services.GetRequiredService<DatabaseInstanceStage>().RunAsync(cancellationToken);
                Assert.That(planned.Select(change => change.Kind), Is.EqualTo(new[] { ChangeKind.Replace }));
                return await ObserveAsync(services, cancellationToken);
            }, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Volume!.VolumeId, Is.EqualTo(made.Volume!.VolumeId));
            Assert.That(seen.Instance!.InstanceId, Is.Not.EqualTo(made.Instance!.InstanceId));
            Assert.That(await QueryAsync("SELECT GROUP_CONCAT(id) FROM app.t", cancellationToken), Is.EqualTo("1"));
        }

        return seen;
    }

    /// <summary>Rows, a snapshot, more rows, a time, and what nobody wanted after it.</summary>
    private async Task<DateTimeOffset> DisasterAsync(CancellationToken cancellationToken)
    {
        await CommandAsync(DatabaseNodeAdmin.Snapshot, cancellationToken);
        await QueryAsync("INSERT INTO app.t VALUES (2)", cancellationToken);
        var time = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await Task.Delay(time + TimeSpan.FromSeconds(1.1) - TimeProvider.System.GetUtcNow(), TimeProvider.System, cancellationToken);
        await QueryAsync("INSERT INTO app.t VALUES (3); DROP TABLE app.t; CREATE TABLE app.wrong (id INT PRIMARY KEY)", cancellationToken);
        await CommandAsync(DatabaseNodeAdmin.Ship, cancellationToken);
        return time;
    }

    private async Task RefuseDamagedAsync(ObservedNode serving, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var (key, whole) = await DamageAsync(cancellationToken);

        var failure = await Assert.ThrowsAsync<PipelineException>(() => RestoreToAsync(time, cancellationToken));

        var (seen, left) = await cluster.RunAsync(
            async services => (await ObserveAsync(services, cancellationToken), (await services.GetRequiredService<Observation>().Volumes.GetAsync(cancellationToken)).Count(volume => volume.TagOf("Role") == NodeTags.Restoring)),
            cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((failure!.Code, failure.Code.ExitCodeOf()), Is.EqualTo((ErrorCode.BackupDamaged, 7)), $"{failure}");
            Assert.That(failure.LastSeen, Does.Contain("backup-damaged").And.Contain("is not what was written"));
            Assert.That((seen.Volume!.VolumeId, seen.Instance!.InstanceId, left), Is.EqualTo((serving.Volume!.VolumeId, serving.Instance!.InstanceId, 0)), "it serves as before, and nothing else is left");
            Assert.That(await QueryAsync("SELECT COUNT(*) FROM app.wrong", cancellationToken), Is.Zero);
        }

        await PutAsync(key, whole, cancellationToken);
    }

    private async Task RestoreAsync(ObservedNode before, DateTimeOffset time, CancellationToken cancellationToken)
    {
        await RestoreToAsync(time, cancellationToken);

        var seen = await cluster.RunAsync(services => ObserveAsync(services, cancellationToken), cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await QueryAsync("SELECT GROUP_CONCAT(id ORDER BY id) FROM app.t", cancellationToken), Is.EqualTo("1,2"));
            Assert.That(seen.Volume!.VolumeId, Is.Not.EqualTo(before.Volume!.VolumeId));
            Assert.That(seen.Retired.Select(volume => volume.VolumeId), Is.EqualTo(new[] { before.Volume.VolumeId }), "what was before stays");
            Assert.That((seen.Status, seen.Others.Count), Is.EqualTo(("available", 0)));
        }
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var (volumes, snapshots) = await cluster.RunAsync(
            async services =>
            {
                var (clients, removal) = (services.GetRequiredService<IClients>(), services.GetRequiredService<NodeRemoval>());
                var volume = (await ObserveAsync(services, cancellationToken)).Volume!;
                await clients.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [volume.VolumeId], Tags = [new(DatabasePlan.InitializedTag, "x")] }, cancellationToken);
                services.GetRequiredService<Observation>().Volumes.Forget();
                foreach (var (node, seen) in await removal.FindAsync(cancellationToken)) await removal.RemoveAsync(node, seen, cancellationToken);
                return (await services.GetRequiredService<Observation>().Volumes.RefreshAsync(cancellationToken), await NodeSnapshots.ReadAsync(clients, "sync2", "db0", cancellationToken));
            }, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volumes.Where(volume => volume.TagOf(NodeTags.Node) is not null), Is.Empty);
            Assert.That(snapshots.Select(snapshot => (snapshot.TagOf(NodeTags.Kind), snapshot.State.Value)), Is.EqualTo(new[] { (NodeTags.Final, "completed") }));
        }
    }

    private Task RestoreToAsync(DateTimeOffset time, CancellationToken cancellationToken) => cluster.RunAsync(
        services => services.GetRequiredService<RestoreStage>().RunAsync(cancellationToken), cancellationToken, options => options with { Node = "db0", To = NodeRestore.Text(time), Approve = "sync2" });

    private async Task<(string Key, byte[] Whole)> DamageAsync(CancellationToken cancellationToken)
    {
        var (key, whole) = await cluster.RunAsync(
            async services =>
            {
                var (s3, bucket) = (services.GetRequiredService<IClients>().S3, services.GetRequiredService<ClusterBucket>());
                var largest = (await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket.Name, Prefix = "dbnodes/db0/" }, cancellationToken)).S3Objects
                    .Where(item => !item.Key.EndsWith(".json", StringComparison.Ordinal)).MaxBy(item => item.LastModified)!;
                using var content = new MemoryStream();
                using (var answer = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket.Name, Key = largest.Key }, cancellationToken))
                    await answer.ResponseStream.CopyToAsync(content, cancellationToken);
                return (largest.Key, content.ToArray());
            }, cancellationToken);
        var damaged = whole.ToArray();
        damaged[^30] ^= 1;
        await PutAsync(key, damaged, cancellationToken);
        return (key, whole);
    }

    private Task PutAsync(string key, byte[] content, CancellationToken cancellationToken) => cluster.RunAsync(
        async services =>
        {
            using var stream = new MemoryStream(content);
            await services.GetRequiredService<IClients>().S3.PutObjectAsync(
                new PutObjectRequest { BucketName = services.GetRequiredService<ClusterBucket>().Name, Key = key, InputStream = stream }, cancellationToken);
        }, cancellationToken);

    private Task<object?> QueryAsync(string sql, CancellationToken cancellationToken) => cluster.RunAsync(
        async services => await LocalCluster.QueryAsync(services, (await ObserveAsync(services, cancellationToken)).Instance!, "db0", sql, cancellationToken), cancellationToken);

    private Task CommandAsync(string command, CancellationToken cancellationToken) => cluster.RunAsync(
        async services => (await services.GetRequiredService<RemoteCommands>().RunAsync([(await ObserveAsync(services, cancellationToken)).Instance!.InstanceId], command, cancellationToken))[0].Require(command),
        cancellationToken);

    private Task<ObservedNode> ObserveAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<DatabaseInstanceStage>().ObserveAsync(cluster.Settings.Dbnodes[0], cancellationToken);
}
