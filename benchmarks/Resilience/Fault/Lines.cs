namespace SyncStorage.Resilience.Fault;

/// <summary>Compares what there is with what there should be.</summary>
internal static class Lines
{
    /// <summary>What differs, for people; null if nothing does.</summary>
    public static string? Difference(IReadOnlyList<string> expected, IReadOnlyList<string> there)
    {
        var (missing, more) = (Without(expected, there), Without(there, expected));
        return missing.Count + more.Count == 0 ? null : $"missing: [{string.Join("; ", missing)}] too much: [{string.Join("; ", more)}]";
    }

    /// <summary>What the first has more often than the second.</summary>
    private static List<string> Without(IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        var rest = lines.ToList();
        foreach (var other in others) rest.Remove(other);
        return rest;
    }
}
