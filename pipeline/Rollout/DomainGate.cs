using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.SyncClient;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// The check that old and new webheads see the same data, before the new take traffic: for every virtual hostname, and so every dbnode and the
/// cache, an item written through an old webhead is read back through the new ones, theirs through the old one, and time only grows.
/// Where no old webhead can write, the new ones write and read among themselves. Three commands, however many webheads there are.
/// </summary>
public sealed class DomainGate(Fleet fleet, RemoteCommands remote, IProgress progress) : JoiningGate
{
    /// <inheritdoc/>
    public override async Task PassAsync(IReadOnlyCollection<string> joining, string release, bool withOthers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(joining);
        var exchange = new Exchange(remote, release);
        var other = withOthers ? await OtherAsync(joining, release, cancellationToken) : null;
        var passed = false;
        try
        {
            if (other is not null && !await WritesAsync(exchange, other, cancellationToken)) other = null;
            await exchange.TurnAsync(joining, clean: false, cancellationToken);
            await exchange.TurnAsync([other?.Id ?? joining.First()], clean: true, cancellationToken);
            passed = true;
        }
        finally
        {
            if (!passed) await RemoveAsync(exchange, other?.Id ?? joining.First(), cancellationToken);
        }

        progress.Found(other is null
            ? $"domain gate passed by {string.Join(", ", joining)}, among themselves"
            : $"domain gate passed: {string.Join(", ", joining)} and {other.Id} (release {other.Release}) read what the others write");
    }

    // One of another release tells most; of those, the oldest.
    private async Task<Webhead?> OtherAsync(IReadOnlyCollection<string> joining, string release, CancellationToken cancellationToken) =>
        (await fleet.WebheadsAsync(cancellationToken)).Where(webhead => webhead.State == "running" && webhead.Verdict.IsServing && !joining.Contains(webhead.Id)).MinBy(webhead => webhead.Release == release);

    // An old release that can't even write must not stand in the way of the one that mends it.
    private async Task<bool> WritesAsync(Exchange exchange, Webhead other, CancellationToken cancellationToken)
    {
        try
        {
            await exchange.TurnAsync([other.Id], clean: false, cancellationToken);
            return true;
        }
        catch (PipelineException failure) when (failure.Code is ErrorCode.GateFailed or ErrorCode.TimedOut)
        {
            progress.Notice($"domain gate without an old webhead: {other.Id} of release {other.Release} can't write ({failure.LastSeen})");
            return false;
        }
    }

    private async Task RemoveAsync(Exchange exchange, string webhead, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            progress.Notice($"items of the test user {exchange.User} may be left: they are nobody's");
            return;
        }

        try
        {
            await exchange.CleanAsync(webhead, cancellationToken);
        }
        catch (Exception second) when (Failures.IsExpected(second))
        {
            progress.Notice($"items of the test user {exchange.User} may be left ({second.Message}): they are nobody's");
        }
    }

    /// <summary>One exchange: a user of its own, and the items written so far.</summary>
    private sealed class Exchange(RemoteCommands remote, string release)
    {
        private readonly Dictionary<string, string> writers = [];

        public long User { get; } = SmokeTest.RandomUid();

        /// <summary>Each reads what was written before, and writes; all at once.</summary>
        public async Task TurnAsync(IReadOnlyCollection<string> webheads, bool clean, CancellationToken cancellationToken)
        {
            var results = await remote.RunAsync(webheads, WebheadAdmin.Exchange(User, writers.Keys, write: true, clean), cancellationToken);
            var failed = results.Where(result => !result.Succeeded).ToList();
            foreach (var result in results)
                if (result.Succeeded && (string?)result.Answer?["item"] is { } item) writers[item] = result.InstanceId;
            if (failed.Count > 0)
                throw new PipelineException(
                    ErrorCode.GateFailed, $"Webheads do not read what others write: {failed.Count} of {webheads.Count} failed the domain gate of release {release}.",
                    lastSeen: string.Join('\n', failed.SelectMany(Lines)),
                    hint: "The new webheads took no traffic. Mend what the lines above name: the release, a dbnode, or the cache (./build.sh --target=Status).");
        }

        public Task CleanAsync(string webhead, CancellationToken cancellationToken) =>
            remote.RunAsync([webhead], WebheadAdmin.Exchange(User, [], write: false, clean: true), cancellationToken);

        private IEnumerable<string> Lines(RemoteResult result)
        {
            var hosts = (result.Answer?["hosts"] as JsonArray ?? []).OfType<JsonObject>().Where(host => host["error"] is not null).ToList();
            return hosts.Count == 0
                ? [$"{result.InstanceId}: {result.Reason}"]
                : hosts.Select(host => $"through {result.InstanceId}, {host["hostname"]}: {Named((string)host["error"]!)}");
        }

        // Ids say nothing to people; who wrote does.
        private string Named(string error) => writers.Aggregate(error, (text, written) => text.Replace(written.Key, $"the item written through {written.Value}", StringComparison.Ordinal));
    }
}
