namespace SyncStorage.Pipeline.Planning;

/// <summary>What would be done to a resource.</summary>
public enum ChangeKind
{
    /// <summary>It does not exist.</summary>
    Create,

    /// <summary>It differs from the settings and is brought back in place.</summary>
    Update,

    /// <summary>A new one takes its place.</summary>
    Replace,

    /// <summary>It is not wanted any more.</summary>
    Delete,
}

/// <summary>One difference between what is and what the settings say.</summary>
/// <param name="Kind">What would be done.</param>
/// <param name="Resource">Type and name, e.g. <c>security group sync2-sg-web</c>.</param>
/// <param name="Detail">What differs, e.g. <c>allow tcp 80 from sync2-sg-lb</c>.</param>
public sealed record PlannedChange(ChangeKind Kind, string Resource, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Resource}: {Detail}";
}

/// <summary>A stage that can tell what it would do. Plan prints it; running the stage does it; both use the same function.</summary>
public interface IPlannedStage
{
    /// <summary>The differences; reads only.</summary>
    Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken);
}
