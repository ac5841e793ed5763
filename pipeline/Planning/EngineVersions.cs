using System.Globalization;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Versions of engines whose patches AWS puts in by itself, and which never go back.</summary>
internal static class EngineVersions
{
    private const int NumbersOfLine = 2;

    /// <summary>Whether a version is the wanted one, or a later patch of it: <c>8.4</c> covers <c>8.4.3</c>, and <c>8.4.6</c> covers <c>8.4.7</c>.</summary>
    public static bool Covers(string wanted, string? found)
    {
        if (found is null || found == wanted) return found is not null;
        var (least, version) = (Numbers(wanted), Numbers(found));
        return version.Take(NumbersOfLine).Take(least.Length).SequenceEqual(least.Take(NumbersOfLine)) && Compare(version, least) >= 0;
    }

    /// <summary>Whether a version is of a later line than the wanted one, so that bringing it there would be a downgrade, which AWS refuses.</summary>
    public static bool IsBeyond(string wanted, string? found) => found is not null && !Covers(wanted, found) && Compare(Numbers(found), Numbers(wanted)) > 0;

    private static int Compare(int[] one, int[] other) => one.AsSpan().SequenceCompareTo(other);

    // What AWS goes on patching after an engine's end is called like 5.7.44-rds.20250213.
    private static int[] Numbers(string version) =>
        [.. version.Split('.', '-').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
}
