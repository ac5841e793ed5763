namespace SyncStorage.Pipeline.Planning;

/// <summary>One value of a resource that is to change.</summary>
/// <param name="Name">Which, e.g. <c>health check interval</c>.</param>
/// <param name="From">What it is; null if there is none.</param>
/// <param name="To">What it will be; null if it goes.</param>
public sealed record ValueChange(string Name, string? From, string? To)
{
    /// <summary>The changes that there are: those whose values differ.</summary>
    public static IReadOnlyList<ValueChange> Where(params IEnumerable<ValueChange> candidates) => [.. candidates.Where(change => change.From != change.To)];

    /// <inheritdoc/>
    public override string ToString() => From is null ? $"{Name} {To}" : $"{Name} {From} → {To ?? "none"}";
}
