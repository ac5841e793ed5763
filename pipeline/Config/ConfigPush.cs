using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Config;

/// <summary>
/// Has every running webhead read configuration and secrets now, and waits until each that serves tells that it has the version. They would look
/// by themselves, but not within seconds.
/// </summary>
public sealed class ConfigPush(EnvironmentSettings settings, Fleet fleet, RemoteCommands remote, Waiter waiter, IProgress progress)
{
    /// <summary>Asks nobody where each that runs is known to have the version: by its tag, which it got when it was let in with it, or told that it has it.</summary>
    /// <param name="version">The version that is current, and not new.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationNotTaken"/>, as below.</exception>
    public async Task EnsureAsync(int version, CancellationToken cancellationToken)
    {
        if (await fleet.IsKnownToHaveAsync(version, cancellationToken)) progress.Found($"{(await fleet.RunningAsync(cancellationToken)).Count} {fleet.Role.Plural} have configuration {version}");
        else await RunAsync(version, cancellationToken);
    }

    /// <summary>Nudges all that run, and those that serve again until each has the version. Who is out of service, or leaves it meanwhile, is not waited for.</summary>
    /// <param name="version">The version that is current.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationNotTaken"/>, naming who has not, and why.</exception>
    public async Task RunAsync(int version, CancellationToken cancellationToken)
    {
        var running = await fleet.RunningAsync(cancellationToken);
        if (running.Count == 0) return;
        IReadOnlyDictionary<string, string> behind = running.ToDictionary(id => id, _ => "no answer");
        var outside = new List<string>();
        try
        {
            await waiter.UntilAsync($"{fleet.Role.Plural} to report configuration {version}", settings.Waits.Pace(settings.Waits.CommandSeconds), async token =>
            {
                behind = await NudgeAsync([.. behind.Keys], version, token);
                if (behind.Count > 0) behind = await OfThoseThatServeAsync(behind, outside, token);
                return behind.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>(Describe(behind));
            }, cancellationToken);
        }
        catch (PipelineException late) when (late.Code == ErrorCode.TimedOut)
        {
            throw new PipelineException(
                ErrorCode.ConfigurationNotTaken,
                $"{behind.Count} of {running.Count} {fleet.Role.Plural} are in service without configuration {version}: {string.Join(", ", behind.Keys)}. It is published, and stays current.",
                lastSeen: Describe(behind),
                hint: $"Mend what they say, and run the same command again; ./build.sh --target=Heal replaces a {fleet.Role.Noun} that does not come to have it.", inner: late);
        }

        await fleet.NoteAsync([.. running.Except(outside)], version, cancellationToken);
        progress.Found($"{running.Count - outside.Count} {fleet.Role.Plural} have configuration {version}");
        foreach (var one in outside) progress.Notice($"{one} is out of service, without configuration {version}");
    }

    /// <summary>Nudges once those whose agent answers; gives those that do not have the version then, with what each says.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NudgeAsync(IReadOnlyCollection<string> ids, int version, CancellationToken cancellationToken)
    {
        var answers = (await remote.RunReachableAsync(ids, fleet.Role.ReloadCommand, cancellationToken)).ToDictionary(result => result.InstanceId);
        return ids.Where(id => !answers.TryGetValue(id, out var result) || !Has(result, version))
            .ToDictionary(id => id, id => answers.TryGetValue(id, out var result) ? Say(result) : "no answer");
    }

    // What does not serve may be what this deployment is to replace. Only the load balancer's word is new.
    private async Task<IReadOnlyDictionary<string, string>> OfThoseThatServeAsync(
        IReadOnlyDictionary<string, string> behind, List<string> outside, CancellationToken cancellationToken)
    {
        var verdicts = await fleet.VerdictsAsync(cancellationToken);
        bool Serves(string id) => verdicts.TryGetValue(id, out var verdict) && verdict.IsServing;
        outside.AddRange(behind.Keys.Where(id => !Serves(id)));
        return behind.Where(pair => Serves(pair.Key)).ToDictionary();
    }

    private static bool Has(RemoteResult result, int version) => result.Succeeded && (int?)result.Answer?["configuration"] == version && result.Answer["error"] is null;

    private static string Say(RemoteResult result) =>
        (int?)result.Answer?["configuration"] is { } has ? $"has {has}{((string?)result.Answer["error"] is { } error ? $" ({error})" : "")}" : result.Reason;

    private static string Describe(IReadOnlyDictionary<string, string> behind) =>
        string.Join("; ", behind.GroupBy(pair => pair.Value).Select(says => $"{string.Join(", ", says.Select(pair => pair.Key))}: {says.Key}"));
}
