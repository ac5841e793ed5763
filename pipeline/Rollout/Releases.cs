using Amazon.EC2.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Which releases can be gone back to, and which one is meant: pure functions over images and history.</summary>
public static class Releases
{
    /// <summary>The newest verified image of each release, newest release first.</summary>
    public static IReadOnlyList<Image> Retained(IEnumerable<Image> images) =>
    [
        .. images.Where(ImageCatalog.IsVerified).GroupBy(image => image.TagOf(ImageCatalog.VerifiedTag)!)
            .Select(release => release.MaxBy(image => image.CreationDate, StringComparer.Ordinal)!)
            .OrderByDescending(image => image.CreationDate, StringComparer.Ordinal),
    ];

    /// <summary>The image of what serves, or else the newest; null if none is retained.</summary>
    /// <param name="images">The images of the fleet's role.</param>
    /// <param name="fleet">The fleet.</param>
    public static Image? Serving(IEnumerable<Image> images, IReadOnlyList<Webhead> fleet)
    {
        var (retained, release) = (Retained(images), FleetHealth.ReleaseOf(fleet));
        return retained.FirstOrDefault(image => image.TagOf(ImageCatalog.VerifiedTag) == release) ?? (retained is [var newest, ..] ? newest : null);
    }

    /// <summary>The image to go back to.</summary>
    /// <param name="images">The cluster's images.</param>
    /// <param name="history">The deployments, newest first.</param>
    /// <param name="current">The release that serves; null if none does.</param>
    /// <param name="wanted">The release asked for; null for the previous one that was deployed with success.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoSuchRelease"/>, with those that there are.</exception>
    public static Image Choose(IReadOnlyList<Image> images, IReadOnlyList<HistoryEntry> history, string? current, string? wanted)
    {
        ArgumentNullException.ThrowIfNull(history);
        var retained = Retained(images);
        if (wanted is not null)
            return retained.FirstOrDefault(image => image.TagOf(ImageCatalog.VerifiedTag) == wanted) ?? throw Missing($"Release {wanted} is not retained: it has no verified image.", retained);

        // What a deployment replaced served before it, whatever is known of how that came to be.
        var previous = history.Where(entry => entry.Outcome == "succeeded").SelectMany(entry => new[] { entry.Release, entry.PreviousRelease })
            .Where(release => release is not null && release != current);
        return previous.Select(release => retained.FirstOrDefault(image => image.TagOf(ImageCatalog.VerifiedTag) == release)).FirstOrDefault(image => image is not null)
            ?? throw Missing($"No release before {current ?? "this one"} that was deployed with success is retained.", retained);
    }

    private static PipelineException Missing(string message, IReadOnlyList<Image> retained) => new(
        ErrorCode.NoSuchRelease, message,
        lastSeen: retained.Count == 0 ? "no verified image" : $"retained: {string.Join(", ", retained.Select(image => image.TagOf(ImageCatalog.VerifiedTag)))}",
        hint: "./build.sh --target=Rollback --to=<release> names one; to get back to an older one, check its commit out and run ./build.sh --target=Deploy.");
}
