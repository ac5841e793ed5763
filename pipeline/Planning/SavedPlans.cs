using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Writes plans, and holds a deployment to the one that it was given: before anything is changed, nothing may have moved since.</summary>
public sealed class SavedPlans(
    EnvironmentSettings settings, RunOptions options, RunOrigin origin, WebheadBuild bundles, BucketStage bucket, StateObjects objects, DeploymentPlan plan,
    ObservedWorld world, TimeProvider time, IProgress progress)
{
    private SavedPlan? given;
    private bool compared;

    private static string Version { get; } =
        typeof(SavedPlans).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Writes a plan; a file of that name is replaced.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="changes">What is to change.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async Task WriteAsync(string file, IReadOnlyList<PlannedChange> changes, CancellationToken cancellationToken)
    {
        var bundle = bundles.Load();
        var observed = await world.ReadAsync(cancellationToken);
        var values = Values();
        var document = new SavedPlan
        {
            Kind = SavedPlan.FileKind,
            Format = SavedPlan.CurrentFormat,
            Version = Version,
            CreatedAt = time.GetUtcNow(),
            Who = origin.Who,
            Environment = options.EnvironmentName,
            Cluster = settings.Cluster,
            Release = bundle.Release,
            BundleDigest = bundle.Digest,
            SettingsDigest = SavedPlan.DigestOf(values),
            Fingerprint = SavedPlan.FingerprintOf(observed, changes),
            Settings = values,
            Observed = observed,
            Changes = changes,
        };
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(file, document.ToJson(), cancellationToken);
    }

    /// <summary>Reads the plan that was given, and looks at what can be told without AWS.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.BadPlan"/>: it is none, or another's; <see cref="ErrorCode.PlanIsStale"/>: the settings have moved since.
    /// </exception>
    public void Load()
    {
        if (options.PlanFile is not { } file) return;
        var document = Read(file);
        if (document.Cluster != settings.Cluster || document.Environment != options.EnvironmentName)
            throw Bad($"{file} is a plan for cluster {document.Cluster} of environment {document.Environment}, not for {settings.Cluster} of {options.EnvironmentName}.");
        if (JsonDifferences.Compare(document.Settings, Values()) is { Count: > 0 } moved) throw Stale("the settings", moved);
        given = document;
    }

    /// <summary>Before the lock is taken: where there is no bucket there is none to take, and the bucket that is made for it would be a change.</summary>
    public async Task CheckBeforeLockAsync(CancellationToken cancellationToken)
    {
        if (given is null || await bucket.ExistsAsync(make: false, cancellationToken)) return;
        await CompareAsync(given, cancellationToken);
        compared = true;
    }

    /// <summary>Under the lock, before anything is changed: from here on no other deployment can move anything.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.PlanIsStale"/>, with what has moved.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (given is null) return;
        if (!compared) await CompareAsync(given, cancellationToken);
        else if (await objects.ReadAsync(DeploymentJournal.Key, cancellationToken) is not null)
            throw Stale("the cluster", [new ValueChange("first deployment", "none", "another one's, a moment ago")]);
        progress.Found($"nothing has moved since the plan of {given.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC by {given.Who}: {given.Changes.Count} changes");
    }

    private async Task CompareAsync(SavedPlan document, CancellationToken cancellationToken)
    {
        var bundle = bundles.Load();
        if (bundle.Digest != document.BundleDigest) throw Stale("the bundle", [new ValueChange("release", document.Release, bundle.Release), new ValueChange("digest", document.BundleDigest, bundle.Digest)]);
        var moved = JsonDifferences.Compare(document.Observed, await world.ReadAsync(cancellationToken));
        if (moved.Count > 0) throw Stale("the cluster", moved);
        var today = await plan.ChangesAsync(cancellationToken);
        var differences = today.Except(document.Changes).Select(change => new ValueChange("now also to", null, $"{change}"))
            .Concat(document.Changes.Except(today).Select(change => new ValueChange("no longer to", null, $"{change}"))).ToList();
        if (differences.Count > 0) throw Stale("the cluster", differences);
    }

    private static SavedPlan Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Bad($"The plan {file} can't be read: {exception.Message}", exception);
        }

        var document = SavedPlan.TryParse(text) ?? throw Bad($"{file} is no plan.");
        if (document.Format != SavedPlan.CurrentFormat || document.Version != Version) throw Bad($"{file} was made by version {document.Version}, this is {Version}.");
        return document.IsIntact ? document : throw Bad($"{file} was changed since it was written.");
    }

    // Hooks may hold what is not for everybody, and change nothing of the cluster.
    private SortedDictionary<string, string> Values()
    {
        var json = JsonSerializer.SerializeToNode(settings with { Hooks = [] }, EnvironmentJson.Binding)!.AsObject();
        json["refreshBase"] = JsonValue.Create(options.RefreshBase);
        return new(JsonDifferences.Flatten(json).ToDictionary(), StringComparer.Ordinal);
    }

    private static PipelineException Bad(string message, Exception? inner = null) =>
        new(ErrorCode.BadPlan, message, hint: "./build.sh --target=Plan --out=plan.json makes one.", inner: inner);

    private static PipelineException Stale(string what, IReadOnlyList<ValueChange> moved) => new(
        ErrorCode.PlanIsStale, $"The plan is out of date: {what} moved since it was made. Nothing was changed.",
        lastSeen: string.Join('\n', moved), hint: "Make and look at a new one: ./build.sh --target=Plan --out=plan.json");
}
