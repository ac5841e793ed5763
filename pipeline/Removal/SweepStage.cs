using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using Spectre.Console;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Sweep: lists what runs that ended early and old releases left behind, and removes it, unless only the list is wanted.</summary>
public sealed class SweepStage(
    EnvironmentSettings settings, ClusterNames names, IClients clients, Observation observation, Leftovers leftovers, InstanceLauncher launcher, BakeStage images,
    ClusterBucket bucket, DnsRemoval dns, StateObjects objects, RunOptions options, IAnsiConsole console, TimeProvider time, IProgress progress)
{
    /// <summary>Lists and removes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await NoticeUnknownDatabasesAsync(cancellationToken);
        var now = time.GetUtcNow();
        var all = await leftovers.FindAsync(cancellationToken);
        var found = all.Where(one => one.IsOlderThan(options.OlderThan, now)).ToList();
        if (found.Count < all.Count) progress.Found($"{all.Count - found.Count} younger leftovers are spared");
        if (found.Count == 0)
        {
            progress.Found("nothing to sweep");
            return;
        }

        console.Write(Table(found, now));
        if (options.List) await ConcludeListAsync(found.Count, cancellationToken);
        else await RemoveAsync(found, cancellationToken);
    }

    // A list is made without the lock.
    private async Task ConcludeListAsync(int count, CancellationToken cancellationToken)
    {
        if (await objects.ReadAsync(BucketLockStore.Key, cancellationToken) is { } stored && LockDocument.TryParse(stored.Text) is { Held: true } held)
            progress.Notice($"the deploy lock is held by {held.Describe()}: what that run works on is listed too, and Sweep would wait or end");
        console.MarkupLineInterpolated($"  {count} leftover{(count == 1 ? "" : "s")}; ./build.sh --target=Sweep removes {(count == 1 ? "it" : "them")}.");
    }

    private async Task RemoveAsync(List<Leftover> found, CancellationToken cancellationToken)
    {
        List<string> Of(LeftoverKind kind) => [.. found.Where(one => one.Kind == kind).Select(one => one.Id)];
        foreach (var balancer in Of(LeftoverKind.LoadBalancer))
        {
            await clients.LoadBalancing.DeleteLoadBalancerAsync(new DeleteLoadBalancerRequest { LoadBalancerName = balancer }, cancellationToken);
            progress.Changed($"load balancer {balancer} deleted");
        }

        if (Of(LeftoverKind.Instance) is { Count: > 0 } instances)
        {
            await launcher.TerminateAsync(instances, cancellationToken);
            progress.Changed($"{string.Join(", ", instances)} terminated");
        }

        var imageIds = Of(LeftoverKind.Image);
        foreach (var image in (await observation.Images.GetAsync(cancellationToken)).Where(image => imageIds.Contains(image.ImageId)).ToList())
            await images.RemoveAsync(image, cancellationToken);
        foreach (var snapshot in Of(LeftoverKind.Snapshot))
        {
            await AwsErrors.IfThereAsync(() => clients.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest { SnapshotId = snapshot }, cancellationToken));
            progress.Changed($"snapshot {snapshot} deleted");
        }

        if (Of(LeftoverKind.BucketObject) is { Count: > 0 } keys)
        {
            await bucket.DeleteAsync(keys, cancellationToken);
            progress.Changed($"{keys.Count} objects deleted from {bucket.Name}");
        }

        if (Of(LeftoverKind.Name) is { Count: > 0 } hostnames) await dns.RemoveAsync(hostnames, cancellationToken);
    }

    // They hold users' data: whoever took them out of the settings decides, by hand.
    private async Task NoticeUnknownDatabasesAsync(CancellationToken cancellationToken)
    {
        var wanted = settings.Dbnodes.Select(names.Database).ToHashSet();
        foreach (var name in (await observation.Databases.GetAsync(cancellationToken)).Keys.Where(name => !wanted.Contains(name)))
            progress.Notice($"database {name} is in no settings; it may hold users' data, and stays");
    }

    private static Table Table(List<Leftover> found, DateTimeOffset now)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { "leftover", "id", "age" }) table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = true });
        table.AddColumn("[grey]why[/]");
        foreach (var one in found.OrderBy(one => one.Kind).ThenBy(one => one.Since))
            table.AddRow(Word(one.Kind), Markup.Escape(Short(one.Id)), one.Since is { } since ? (now - since).AsAge() : "-", Markup.Escape(one.Why));
        return table;
    }

    private static string Word(LeftoverKind kind) => kind switch
    {
        LeftoverKind.BucketObject => "object",
        LeftoverKind.LoadBalancer => "load balancer",
        _ => kind.ToString().ToLowerInvariant(),
    };

    // A bundle's key is its digest; the start of it tells it apart.
    private static string Short(string id) => id.Length <= 40 ? id : $"{id[..30]}…{id[^7..]}";
}
