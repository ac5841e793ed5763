namespace SyncStorage.Pipeline.Settings;

/// <summary>Guesses what somebody meant by a name that does not exist.</summary>
public static class NearestName
{
    /// <summary>The known name nearest to what was typed, or null if none is near: at most a third of the letters differ.</summary>
    /// <param name="typed">What was typed; case does not count.</param>
    /// <param name="known">The names that exist.</param>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        var nearest = known
            .Select(name => (Name: name, Distance: Distance(Plain(typed), Plain(name))))
            .OrderBy(x => x.Distance)
            .ThenBy(x => x.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Name is { } found && nearest.Distance <= Math.Max(1, Math.Min(typed.Length, found.Length) / 3) ? found : null;
    }

    /// <summary>The names near to what was typed, nearest first.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">The names that exist.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<string> Several(string typed, IEnumerable<string> known, int most)
    {
        var left = known.ToHashSet(StringComparer.Ordinal);
        var near = new List<string>();
        while (near.Count < most && Of(typed, left) is { } nearest)
        {
            near.Add(nearest);
            left.Remove(nearest);
        }

        return near;
    }

    /// <summary>A sentence's end: <c>; did you mean "x"?</c>, or else the known names.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">The names that exist.</param>
    public static string Advice(string typed, IReadOnlyCollection<string> known) =>
        Of(typed, known) is { } name ? $"; did you mean \"{name}\"?" : $"; known: {string.Join(", ", known)}";

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    // Insertions, deletions, substitutions and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(substitution, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
