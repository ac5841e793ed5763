using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Planning;

/// <summary>A plan as a file: what <c>Deploy --plan</c> carries out if nothing has moved since. It holds no secret.</summary>
public sealed record SavedPlan
{
    /// <summary>What such a file says it is.</summary>
    public const string FileKind = "syncstorage-plan";

    /// <summary>The format that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Tells a plan from any other file: <see cref="FileKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The format of this document.</summary>
    public required int Format { get; init; }

    /// <summary>The version of the program that made it.</summary>
    public required string Version { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string Who { get; init; }

    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The release that it would deploy.</summary>
    public required string Release { get; init; }

    /// <summary>The digest of its bundle.</summary>
    public required string BundleDigest { get; init; }

    /// <summary>SHA-256 over <see cref="Settings"/>.</summary>
    public required string SettingsDigest { get; init; }

    /// <summary>SHA-256 over <see cref="Observed"/> and <see cref="Changes"/>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The settings that it was made with, but for the hooks, by their paths.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What was there; see <see cref="ObservedWorld"/>.</summary>
    public required IReadOnlyDictionary<string, string> Observed { get; init; }

    /// <summary>What is to change, in order.</summary>
    public required IReadOnlyList<PlannedChange> Changes { get; init; }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StateObjects.Json) + "\n";

    /// <summary>Reads one.</summary>
    /// <returns>Null if the text is no plan, or was changed since it was written.</returns>
    public static SavedPlan? TryParse(string json) =>
        StateObjects.TryParse<SavedPlan>(json) is { Kind: FileKind, Settings: not null, Observed: not null, Changes: not null } plan ? plan : null;

    /// <summary>Whether it still says what it said when it was written.</summary>
    public bool IsIntact => Fingerprint == FingerprintOf(Observed, Changes) && SettingsDigest == DigestOf(Settings);

    /// <summary>The digest of settings.</summary>
    public static string DigestOf(IReadOnlyDictionary<string, string> settings) => Hash(Lines(settings));

    /// <summary>The fingerprint of a world, and of what is to change in it.</summary>
    public static string FingerprintOf(IReadOnlyDictionary<string, string> observed, IReadOnlyList<PlannedChange> changes) =>
        Hash([.. Lines(observed), .. changes.Select(change => $"{change}")]);

    private static IEnumerable<string> Lines(IReadOnlyDictionary<string, string> values) =>
        values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");

    private static string Hash(IEnumerable<string> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
}
