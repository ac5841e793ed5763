using System.Text.Json;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.History;

/// <summary><c>history/….json</c>: what a deployment was and how it ended. A deployment that took several runs has the last one's end.</summary>
public sealed record HistoryEntry
{
    /// <summary>The format of this document.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The deployment's id.</summary>
    public required string Deployment { get; init; }

    /// <summary>What it was for.</summary>
    public required DeploymentKind Kind { get; init; }

    /// <summary>What was asked for, e.g. <c>Deploy</c>.</summary>
    public required string Target { get; init; }

    /// <summary>How it ended: <c>succeeded</c>, <c>failed</c>, <c>rolledBack</c>, <c>stuck</c> or <c>interrupted</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The last run's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What ended it, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Who ran it.</summary>
    public required string Who { get; init; }

    /// <summary>The CI run, or null.</summary>
    public Uri? Run { get; init; }

    /// <summary>The commit, with <c>+changes</c> where files differed from it; null where that is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>When its first run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its last run ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>How many runs it took.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>The release that was rolled out, or found.</summary>
    public string? Release { get; init; }

    /// <summary>The release before, if a rollout was begun.</summary>
    public string? PreviousRelease { get; init; }

    /// <summary>The digest of its bundle.</summary>
    public string? BundleDigest { get; init; }

    /// <summary>Its image.</summary>
    public string? ImageId { get; init; }

    /// <summary>What its webheads were launched from, as a hash.</summary>
    public string? LaunchSpec { get; init; }

    /// <summary>The token server's release that was rolled out, or found; null where the cluster has none.</summary>
    public string? TokenServerRelease { get; init; }

    /// <summary>The token server's release before, if a rollout of it was begun.</summary>
    public string? PreviousTokenServerRelease { get; init; }

    /// <summary>The entry with the token server's releases in the place of the webheads'.</summary>
    public HistoryEntry OfTokenServer() => this with { Release = TokenServerRelease, PreviousRelease = PreviousTokenServerRelease };

    /// <summary>The version of the webheads' configuration at the end.</summary>
    public int? Configuration { get; init; }

    /// <summary>The stages of the last run.</summary>
    public IReadOnlyList<HistoryStage> Stages { get; init; } = [];

    /// <summary>Its key in the bucket: keys are in the order of time.</summary>
    public string Key => $"{Prefix}{StartedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Deployment}.json";

    /// <summary>Where the entries are.</summary>
    internal const string Prefix = "history/";

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StateObjects.Json);

    /// <summary>Reads one; null if the text is no such document.</summary>
    public static HistoryEntry? TryParse(string json) => StateObjects.TryParse<HistoryEntry>(json);
}

/// <summary>A stage of a run.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Changes">How much it changed.</param>
public sealed record HistoryStage(string Name, double Seconds, int Changes);
