namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>What tells one series from another.</summary>
/// <param name="Space">The namespace, e.g. <c>AWS/ELB</c>.</param>
/// <param name="Name">E.g. <c>RequestCount</c>.</param>
/// <param name="Dimensions">Sorted by name, and as one text, so that equality is the text's.</param>
internal sealed record MetricKey(string Space, string Name, string Dimensions)
{
    private const char Between = '\u001f';
    private const char Around = '\u001e';

    /// <summary>Makes one; the order of the dimensions does not matter.</summary>
    public static MetricKey Of(string space, string name, IEnumerable<(string Name, string Value)> dimensions) =>
        new(space, name, string.Join(Around, dimensions.OrderBy(dimension => dimension.Name, StringComparer.Ordinal).Select(dimension => $"{dimension.Name}{Between}{dimension.Value}")));

    public IReadOnlyList<(string Name, string Value)> Pairs { get; } =
        Dimensions.Length == 0 ? [] : [.. Dimensions.Split(Around).Select(pair => (pair.Split(Between)[0], pair.Split(Between)[1]))];

    /// <inheritdoc/>
    public bool Equals(MetricKey? other) => other is not null && Name == other.Name && Dimensions == other.Dimensions && Space == other.Space;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Space, Name, Dimensions);
}
