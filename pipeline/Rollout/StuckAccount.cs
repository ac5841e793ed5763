using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>The account of a rollout that failed and could not be undone, for who is called at night: does it serve, what is where, what to type.</summary>
/// <param name="names">The cluster's names.</param>
/// <param name="run">What was done.</param>
/// <param name="floor">How many must serve.</param>
/// <param name="webheads">What AWS says now; null if it can't be read.</param>
internal sealed class StuckAccount(ClusterNames names, RolloutRun run, int floor, IReadOnlyList<Webhead>? webheads)
{
    private readonly List<Webhead> old = [.. (webheads ?? []).Where(webhead => run.ServedBefore.Contains(webhead.Id) || run.Replacements.Contains(webhead.Id))];
    private readonly List<Webhead> young = [.. (webheads ?? []).Where(webhead => run.Joining.Contains(webhead.Id))];

    /// <summary>The error to throw.</summary>
    /// <param name="failure">Why the rollout failed.</param>
    /// <param name="second">Why undoing failed.</param>
    /// <param name="doing">What undoing was doing.</param>
    public PipelineException Of(Exception failure, Exception second, string doing)
    {
        var undone = Failures.Explain(second);
        return new PipelineException(
            ErrorCode.Stuck,
            $"{Standing()} Release {run.Release} failed ({Failures.Explain(failure).Message}), and so did rolling back, {doing}: {undone.Message}",
            lastSeen: string.Join('\n', [.. Rows(), .. undone.LastSeen is { } seen ? new[] { $"rolling back saw last: {seen}" } : []]),
            hint: string.Join('\n', Steps()),
            inner: new AggregateException(failure, second));
    }

    private string Standing()
    {
        if (webheads is null) return "What serves now can't be read.";
        var serving = webheads.Count(webhead => webhead.Verdict.IsServing);
        return serving == 0 ? "NOTHING SERVES."
            : $"{serving} {names.Role.Plural} serve ({old.Count(webhead => webhead.Verdict.IsServing)} old, {young.Count(webhead => webhead.Verdict.IsServing)} new), {(serving < floor ? "fewer than" : "and it takes")} {floor}.";
    }

    private IEnumerable<string> Rows()
    {
        if (webheads is null)
        {
            yield return $"served before: {Joined(run.ServedBefore)}; taken out: {Joined(run.Left)}; launched or adopted: {Joined(run.Joining)}; launched again: {Joined(run.Replacements)}";
            yield break;
        }

        foreach (var webhead in webheads)
            yield return $"{webhead.Id}: {PartOf(webhead)}, release {webhead.Release}, {webhead.State}, {(webhead.Verdict.IsServing ? "serves" : webhead.Verdict)}";
        var gone = run.ServedBefore.Except(webheads.Select(webhead => webhead.Id)).ToList();
        if (gone.Count > 0) yield return $"{Joined(gone)}: old, gone";
    }

    private string PartOf(Webhead webhead) =>
        run.Replacements.Contains(webhead.Id) ? "old, launched again" : run.ServedBefore.Contains(webhead.Id) ? "old" : run.Joining.Contains(webhead.Id) ? "new" : "of neither";

    private IEnumerable<string> Steps()
    {
        var number = 0;
        var back = old.Where(webhead => webhead is { State: "running", Verdict.IsServing: false }).Select(webhead => webhead.Id).ToList();
        var gone = young.Select(webhead => webhead.Id).ToList();
        if (webheads is null) yield return Step("./build.sh --target=Status, until AWS answers: it shows what serves");
        if (back.Count > 0) yield return Step($"the old back in: aws elb register-instances-with-load-balancer --load-balancer-name {names.LoadBalancer} --instances {string.Join(' ', back)}");
        if (back.Count > 0 || gone.Count > 0) yield return Step("./build.sh --target=Status, until enough old ones are InService");
        if (gone.Count > 0)
        {
            yield return Step($"only then the new out: aws elb deregister-instances-from-load-balancer --load-balancer-name {names.LoadBalancer} --instances {string.Join(' ', gone)}");
            yield return Step($"and once they are drained: aws ec2 terminate-instances --instance-ids {string.Join(' ', gone)}");
        }

        yield return Step(old.Exists(webhead => webhead.IsRunning)
            ? "./build.sh --target=Heal fills the fleet up with the release that serves; mend the cause before the next Deploy"
            : "./build.sh --target=Rollback brings the previous release back from its image; mend the cause before the next Deploy");

        string Step(string text) => $"{++number}. {text}";
    }

    private static string Joined(IReadOnlyCollection<string> ids) => ids.Count == 0 ? "none" : string.Join(", ", ids);
}
