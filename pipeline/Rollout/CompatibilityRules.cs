using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>What a release that comes has to fit. What is null is not known, or not there, and refuses nothing.</summary>
/// <param name="Schema">The oldest and the newest schema of the databases.</param>
/// <param name="Formats">The formats of the configuration documents that webheads get: the current one, and the one that this program writes.</param>
/// <param name="ServingRelease">The release that serves.</param>
/// <param name="Serving">What that one works with.</param>
public sealed record Surroundings(VersionRange? Schema, IReadOnlyList<int> Formats, string? ServingRelease, Compatibility? Serving);

/// <summary>Whether a release can be rolled out: a pure function over what it declares and what it would find.</summary>
public static class CompatibilityRules
{
    /// <summary>Checks a release.</summary>
    /// <param name="release">The release that comes.</param>
    /// <param name="declared">What it works with.</param>
    /// <param name="found">What it would find.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.IncompatibleRelease"/>, with every misfit and the way round.</exception>
    public static void Require(string release, Compatibility declared, Surroundings found)
    {
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(found);
        List<string> misfits = [.. Misfits(declared, found)];
        if (misfits.Count == 0) return;
        throw new PipelineException(
            ErrorCode.IncompatibleRelease, $"Release {release} does not fit: {string.Join("; ", misfits)}. Nothing has been changed.",
            lastSeen: $"{release} works with database schema {declared.Schema} and reads configuration format {declared.Configuration}",
            hint: WayRound(declared, found));
    }

    private static IEnumerable<string> Misfits(Compatibility declared, Surroundings found)
    {
        if (found.Schema is { } schema && !declared.Schema.Contains(schema))
            yield return $"it works with database schema {declared.Schema}, and the databases have {schema}";
        if (found.Serving is { } serving && !declared.Schema.Overlaps(serving.Schema))
            yield return $"it works with database schema {declared.Schema}, and release {found.ServingRelease}, which serves beside it during the rollout, with {serving.Schema}";
        foreach (var format in found.Formats.Distinct().Where(format => !declared.Configuration.Contains(format)))
            yield return $"it reads configuration format {declared.Configuration}, and webheads get format {format}";
    }

    private static string WayRound(Compatibility declared, Surroundings found)
    {
        var ahead = declared.Schema.Min > (found.Schema?.Max ?? found.Serving?.Schema.Max ?? int.MaxValue) || found.Formats.Any(format => format < declared.Configuration.Min);
        return ahead
            ? "It is too far ahead. Go by a release in between, whose ranges reach from what is there to what it needs: check its commit out and run ./build.sh --target=Deploy, then deploy this one."
            : "It is too old for what is there. Take a release whose ranges include it (./build.sh --target=History lists them, --target=Rollback --to=<release> names one), or go forward: mend the newest release and run ./build.sh --target=Deploy.";
    }
}
