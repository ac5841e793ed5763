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
/// <param name="Detail">What differs, e.g. <c>allow tcp 80 from sync2-sg-lb</c>, or the name of a value.</param>
public sealed record PlannedChange(ChangeKind Kind, string Resource, string Detail)
{
    /// <summary>Of a value: what it is; null if there is none, or no value.</summary>
    public string? From { get; init; }

    /// <summary>Of a value: what it will be.</summary>
    public string? To { get; init; }

    /// <summary>What an operator should know of it beforehand, e.g. that it means downtime; null if nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The change of a value.</summary>
    public static PlannedChange Of(ChangeKind kind, string resource, ValueChange value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new PlannedChange(kind, resource, value.Name) { From = value.From, To = value.To };
    }

    /// <summary>What differs, with the values.</summary>
    public string Text => From is null && To is null ? Detail : new ValueChange(Detail, From, To).ToString();

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Resource}: {Text}{(Note is null ? "" : $" ({Note})")}";
}

/// <summary>A stage that can tell what it would do. Plan prints it; running the stage does it; both use the same function.</summary>
public interface IPlannedStage
{
    /// <summary>The differences; reads only.</summary>
    Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken);
}
