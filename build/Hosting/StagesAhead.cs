using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Hosting;

/// <summary>What this run will come to: known once the engine has put its tasks in order.</summary>
public sealed class StagesAhead
{
    /// <summary>The tasks, in order.</summary>
    public IReadOnlyList<string> Names { get; set; } = [];

    /// <summary>What the stages among them ask AWS for.</summary>
    public Facts Facts => Names.Select(TargetCatalog.StageOf).Aggregate(Facts.None, (facts, stage) => facts | (stage?.Reads ?? Facts.None));
}
