using Amazon.EC2.Model;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Check-Release: before anything is changed, whether a release fits the databases' schema (which webheads that run tell), the configuration, and
/// the release that serves.
/// </summary>
public sealed class CompatibilityCheck(
    ServiceBuild bundles, Observation observation, PublishedConfiguration configuration, Fleet fleet, RemoteCommands remote, IProgress progress)
{
    // Any one would do, if it has all dbnodes: some may be about to end.
    private const int MostAsked = 3;

    private string? passed;

    /// <summary>Checks the bundle that was built last. Where it serves already, nothing is asked.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.IncompatibleRelease"/>, with the way round.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        var bundle = bundles.Load();
        if (passed == bundle.Release || bundle.Compatibility is not { } declared) return;
        if ((await fleet.ReleasesAsync(cancellationToken)).All(release => release == bundle.Release)) progress.Found($"release {bundle.Release}: no other release runs");
        else await RequireAsync(bundle.Release, declared, await fleet.WebheadsAsync(cancellationToken), [configuration.WrittenFormat], cancellationToken);
        passed = bundle.Release;
    }

    /// <summary>Checks the release of an image that comes back; the configuration is <see cref="ConfigurationRestore"/>'s business.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.IncompatibleRelease"/>, with the way round.</exception>
    public async Task RequireAsync(string release, Image image, CancellationToken cancellationToken)
    {
        if (ImageCatalog.CompatibilityOf(image) is not { } declared)
        {
            progress.Notice($"release {release} does not declare with which schemas it works: its own heartbeat will tell");
            return;
        }

        await RequireAsync(release, declared, await fleet.WebheadsAsync(cancellationToken), formats: null, cancellationToken);
    }

    private async Task RequireAsync(
        string release, Compatibility declared, IReadOnlyList<Webhead> webheads, IReadOnlyList<int>? formats, CancellationToken cancellationToken)
    {
        // Those that a first deployment launched ahead have nothing yet that a release would have to fit.
        if (await configuration.VersionAsync(cancellationToken) is null) webheads = [.. webheads.Where(webhead => webhead.Verdict.IsServing)];
        var serving = FleetHealth.ReleaseOf(webheads);
        var image = (await observation.Images.GetAsync(cancellationToken)).FirstOrDefault(one => serving is not null && one.TagOf(ImageCatalog.VerifiedTag) == serving);
        var schema = await SchemaAsync(webheads, cancellationToken);
        var current = formats is null ? null : await configuration.FormatAsync(cancellationToken);
        CompatibilityRules.Require(release, declared, new Surroundings(
            schema, [.. formats ?? [], .. current is { } format ? new[] { format } : []], serving, image is null ? null : ImageCatalog.CompatibilityOf(image)));
        progress.Found($"release {release} fits: database schema {declared.Schema} ({(schema is null ? $"no {fleet.Role.Noun} tells what the databases have" : $"the databases have {schema}")}), configuration format {declared.Configuration}");
    }

    private async Task<VersionRange?> SchemaAsync(IReadOnlyList<Webhead> webheads, CancellationToken cancellationToken)
    {
        List<string> asked = [.. webheads.Where(webhead => webhead.State == "running").OrderByDescending(webhead => webhead.Verdict.IsServing).Take(MostAsked).Select(webhead => webhead.Id)];
        if (asked.Count == 0) return null;
        var answers = await remote.RunReachableAsync(asked, fleet.Role.HeartbeatCommand, cancellationToken);
        var seen = answers.Select(answer => answer.Answer?["heartbeat"]?["schema"])
            .Select(schema => (int?)schema?["min"] is { } min && (int?)schema["max"] is { } max ? new VersionRange(min, max) : null).OfType<VersionRange>().ToList();
        return seen.Count == 0 ? null : new VersionRange(seen.Min(range => range.Min), seen.Max(range => range.Max));
    }
}
