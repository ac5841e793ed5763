using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// The configuration of a release that comes back. It declares the formats that it reads; one that does not is taken to read the format of its
/// time and the next. So the present document usually stays; only where the release can't read it does the pointer go back to the document of
/// that time.
/// </summary>
public sealed class ConfigurationRestore(ConfigStore store, IProgress progress)
{
    /// <summary>How many formats ahead a release that declares nothing still reads.</summary>
    internal const int ReadsAhead = 1;

    /// <summary>Makes sure that the current document is one that the release reads.</summary>
    /// <param name="release">The release that comes back.</param>
    /// <param name="formats">The formats that it reads; null if it does not declare them.</param>
    /// <param name="history">The deployments, newest first.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.IncompatibleRelease"/>: the document is too new for it, and going back to the old one would lose dbnodes or hostnames.
    /// </exception>
    public async Task RestoreForAsync(string release, VersionRange? formats, IReadOnlyList<HistoryEntry> history, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (await store.CurrentAsync(cancellationToken) is not { } now || formats?.Contains(now.Format) == true) return;
        var then = history.FirstOrDefault(entry => entry.Release == release && entry is { Outcome: "succeeded", Configuration: not null });
        var old = then?.Configuration is { } version && version != now.Version ? await store.ReadVersionAsync(version, cancellationToken) : null;
        if (formats is null && (old is null || !NeedsRestore(now, old))) return;

        if (old is null || formats?.Contains(old.Format) == false)
            throw new PipelineException(
                ErrorCode.IncompatibleRelease, $"Release {release} reads configuration format {formats}, not {now.Format}, and there is no document that it can read.",
                hint: "Roll back to a release in between (./build.sh --target=History), or go forward: mend the release and run ./build.sh --target=Deploy.");
        if (Lost(now, old) is { Count: > 0 } lost)
            throw new PipelineException(
                ErrorCode.IncompatibleRelease,
                $"Release {release} can't read configuration format {now.Format}, and its own, version {old.Version}, lacks {string.Join(", ", lost)}.",
                hint: "Roll back to a release in between (./build.sh --target=History), or go forward: mend the release and run ./build.sh --target=Deploy.");

        // The accounts of that time may be locked by now, and its secrets gone.
        var kept = WithRotatedOf(now, old);
        if (ConfigDocument.SayTheSame(kept, old)) await store.RestoreAsync(old, cancellationToken);
        else kept = await store.PublishAsync(kept, cancellationToken);
        progress.Changed($"configuration version {old.Version} (format {old.Format}) is current again{(kept.Version == old.Version ? "" : $" as {kept.Version}, with the accounts and secrets of now")}: release {release} can't read format {now.Format}");
    }

    /// <summary>An older document with what rotations have made of the present one: accounts, and which secrets sign.</summary>
    internal static ConfigDocument WithRotatedOf(ConfigDocument now, ConfigDocument old) => old with
    {
        Nodes = [.. old.Nodes.Select(node => (now.Nodes.FirstOrDefault(known => known.Name == node.Name) is { } known ? node with { User = known.User, PasswordParameter = known.PasswordParameter } : node) with
        {
            Hosts = [.. node.Hosts.Select(host => host with { SignWith = now.SignWith(host.Hostname) })],
        })],
    };

    /// <summary>Whether a release that wrote <paramref name="old"/> can't read <paramref name="now"/>.</summary>
    internal static bool NeedsRestore(ConfigDocument now, ConfigDocument old) => now.Format > old.Format + ReadsAhead;

    /// <summary>What is served now and was not then.</summary>
    internal static IReadOnlyList<string> Lost(ConfigDocument now, ConfigDocument old) =>
        [.. now.Nodes.SelectMany(node => node.Hosts).Select(host => host.Hostname).Except(old.Nodes.SelectMany(node => node.Hosts).Select(host => host.Hostname))];
}
