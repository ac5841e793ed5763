namespace SyncStorage.Build.Hosting;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearNames
{
    /// <summary>The names that are nearest to <paramref name="typed"/>, nearest first; none if all are far off.</summary>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> names, int count)
    {
        var asked = Plain(typed);
        var tolerated = Math.Max(2, asked.Length / 2);
        return
        [
            .. names.Select(name => (Name: name, Distance: Rank(asked, Plain(name))))
                .Where(near => near.Distance <= tolerated)
                .OrderBy(near => near.Distance)
                .ThenBy(near => near.Name, StringComparer.Ordinal)
                .Take(count)
                .Select(near => near.Name),
        ];
    }

    /// <summary>Dashes are what people leave out or put elsewhere.</summary>
    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static int Rank(string asked, string name) =>
        asked.Length >= 3 && name.Contains(asked, StringComparison.Ordinal) ? 1 : Distance(asked, name);

    /// <summary>Insertions, deletions and replacements that turn one into the other.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
