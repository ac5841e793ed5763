using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>A rollout's steps as planned changes: pure.</summary>
public static class FleetChanges
{
    /// <summary>What each batch launches, adopts and retires, in order.</summary>
    /// <param name="plan">The steps.</param>
    /// <param name="webheads">The fleet that they were planned for.</param>
    /// <param name="release">The release that joins.</param>
    /// <param name="resource">What the fleet is called.</param>
    public static IReadOnlyList<PlannedChange> Of(RolloutPlan plan, IReadOnlyList<Webhead> webheads, string release, string resource = "fleet")
    {
        ArgumentNullException.ThrowIfNull(plan);
        var known = webheads.ToDictionary(webhead => webhead.Id);
        return
        [
            .. plan.Dead.Select(id => new PlannedChange(ChangeKind.Delete, resource, $"{id} is {known[id].State}: terminated")),
            .. plan.Batches.Select((batch, index) => new PlannedChange(KindOf(batch), resource, $"batch {index + 1} of {plan.Batches.Count}{(batch.IsCanary ? ", the canary" : "")}")
            {
                To = string.Join("; ", Parts(batch, known, release)),
            }),
        ];
    }

    private static ChangeKind KindOf(Batch batch) => batch switch
    {
        { Leaving: 0 } => ChangeKind.Create,
        { Joining: 0 } => ChangeKind.Delete,
        _ => ChangeKind.Replace,
    };

    private static IEnumerable<string> Parts(Batch batch, Dictionary<string, Webhead> known, string release)
    {
        if (batch.Launch.Count > 0) yield return $"launch {string.Join(", ", batch.Launch.Select(zone => $"{zone.Value} in {zone.Key}"))} with {release}";
        if (batch.Adopt.Count > 0) yield return $"register {string.Join(", ", batch.Adopt)}";
        if (batch.RetireFirst.Count > 0) yield return $"{string.Join(", ", batch.RetireFirst.Select(id => Leaving(known[id])))} {(batch.RetireFirst.Count == 1 ? "leaves" : "leave")} before that";
        if (batch.Retire.Count > 0) yield return $"then {string.Join(", ", batch.Retire.Select(id => Leaving(known[id])))} {(batch.Retire.Count == 1 ? "leaves" : "leave")}";
    }

    private static string Leaving(Webhead webhead) =>
        $"{webhead.Id} ({(webhead.Release.Length == 0 ? "no release" : webhead.Release)}, {webhead.Zone}{(webhead.Verdict.IsServing ? "" : ", not serving")})";
}
