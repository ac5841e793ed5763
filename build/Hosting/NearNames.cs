using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Hosting;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearNames
{
    /// <summary>The names near to <paramref name="typed"/>, nearest first; none if all are far off.</summary>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> names, int count)
    {
        var left = names.ToHashSet(StringComparer.Ordinal);
        var near = new List<string>();
        while (near.Count < count && NearestName.Of(typed, left) is { } nearest)
        {
            near.Add(nearest);
            left.Remove(nearest);
        }

        return near;
    }
}
