using System.Globalization;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Build.Hosting;

/// <summary>The options of Rebalance, which make sense together or not at all.</summary>
internal static class RebalanceArguments
{
    private const int UsualStep = 100;
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(10);
    private static readonly Option[] Own = [Options.From, Options.Users, Options.Share, Options.Step, Options.Pause];

    /// <summary>Collects what is wrong.</summary>
    public static void Check(List<(Option Option, string Value)> given, List<string> errors)
    {
        var asked = given.Where(one => one.Option == Options.Target).Select(one => one.Value).DefaultIfEmpty("");
        var rebalances = asked.All(name => name.Equals(RebalanceStage.Target, StringComparison.OrdinalIgnoreCase));
        foreach (var option in given.Select(one => one.Option).Where(option => !rebalances && Own.Contains(option)).Distinct())
            errors.Add($"{option.Name} is for --target={RebalanceStage.Target} alone.");
        if (!rebalances) return;

        if (given.TrueForAll(one => one.Option != Options.From)) errors.Add($"--target={RebalanceStage.Target} wants {Options.From}.");
        if (given.Count(one => one.Option == Options.Users || one.Option == Options.Share) != 1)
            errors.Add($"--target={RebalanceStage.Target} wants one of {Options.Users} and {Options.Share}.");
        foreach (var (option, text) in given.Where(one => (one.Option == Options.Users || one.Option == Options.Step) && Number(one.Value) is not > 0))
            errors.Add($"{option.Name} wants a number above 0, not \"{text}\".");
        foreach (var (option, text) in given.Where(one => one.Option == Options.Share && Percent(one.Value) is not (> 0 and <= 100)))
            errors.Add($"{option.Name} wants a share from 1% to 100%, not \"{text}\".");
    }

    /// <summary>What is asked for; null if nothing is. The options have been checked.</summary>
    public static RebalanceRequest? Read(Func<Option, string?> valueOf) => valueOf(Options.From) is not { } from ? null : new RebalanceRequest(
        from,
        valueOf(Options.Users) is { } users ? Number(users) : null,
        valueOf(Options.Share) is { } share ? Percent(share) : null,
        valueOf(Options.Step) is { } step ? Number(step)!.Value : UsualStep,
        valueOf(Options.Pause) is { } pause ? CommandLine.DurationOf(pause)!.Value : UsualPause);

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Percent(string text) => Number(text.EndsWith('%') ? text[..^1] : text);
}
