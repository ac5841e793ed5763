using System.Globalization;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Hosting;

/// <summary>The command line, with every name in it checked.</summary>
/// <param name="Targets">In the spelling of the catalogue; empty for the default.</param>
/// <param name="EngineArguments">What the engine gets.</param>
/// <param name="Values">What was given of the deployment's options; a flag is <c>true</c>.</param>
/// <param name="Help">Help was asked for.</param>
internal sealed record CommandLine(
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> EngineArguments,
    IReadOnlyList<(Option Option, string Value)> Values,
    bool Help)
{
    private const string DefaultEnvironment = "local";
    private const string DefaultTarget = "Default";
    private const string True = "true";
    private const string False = "false";
    private static readonly string[] RotatesMasterSecret = [MasterSecretStage.Target, CredentialsStage.Target];

    /// <summary>The value of an option that may be given once.</summary>
    public string? ValueOf(Option option) => Values.LastOrDefault(given => given.Option == option).Value;

    public bool Has(Option flag) => ValueOf(flag) == True;

    public IReadOnlyList<string> AllOf(Option option) => [.. Values.Where(given => given.Option == option).Select(given => given.Value)];

    /// <summary>Where failures come from is to be shown.</summary>
    public bool Traces => EngineArguments.Any(argument => argument.StartsWith("--verbosity=d", StringComparison.OrdinalIgnoreCase));

    /// <summary>Nothing is to be done.</summary>
    public bool IsDryRun => EngineArguments.Contains(Options.DryRun.Name);

    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.BadArgument"/> or <see cref="ErrorCode.UnknownTarget"/>; the message lists everything that is wrong.
    /// </exception>
    public static CommandLine Parse(IReadOnlyList<string> args, IReadOnlyCollection<string> targetNames)
    {
        var errors = new List<string>();
        var given = Read(args, errors).ToList();
        foreach (var twice in given.GroupBy(one => one.Option).Where(group => group.Count() > 1 && !group.Key.Repeats))
            errors.Add($"{twice.Key.Name} can be given once only.");
        CheckArtifact(given, errors);
        CheckConfirm(given, errors);
        CheckService(given, errors);
        RebalanceArguments.Check(given, errors);
        CheckDurations(given, errors);
        CheckTargets(given, errors);
        if (errors.Count > 0)
            throw new PipelineException(ErrorCode.BadArgument, string.Join('\n', errors), hint: "./build.sh --help");

        var targets = Canonical(given, targetNames);
        var engine = given.Where(one => one.Option.Engine && one.Option != Options.Target)
            .Select(one => one.Option.Value is null ? one.Option.Name : $"{one.Option.Name}={one.Value}");
        return new CommandLine(
            targets,
            [.. targets.Select(name => $"{Options.Target.Name}={name}"), .. engine],
            [.. given.Where(one => !one.Option.Engine)],
            given.Any(one => one.Option == Options.Help));
    }

    /// <summary>As the pipeline wants to know it. A settings file's path is relative to the folder that the build was started in.</summary>
    public RunOptions RunOptions(Repository repository) => new()
    {
        RepositoryRoot = repository.Root,
        EnvironmentName = Path.GetFileNameWithoutExtension(EnvironmentFile),
        NamesSettings = Values.Any(given => given.Option == Options.Environment || given.Option == Options.Set),
        Approve = ValueOf(Options.Approve),
        Target = Targets.Count == 0 ? DefaultTarget : string.Join('+', Targets),
        LockWait = ValueOf(Options.LockWait) is { } wait ? DurationOf(wait) : null,
        To = ValueOf(Options.To),
        Node = ValueOf(Options.Node),
        Service = ValueOf(Options.Service),
        Rebalance = RebalanceArguments.Read(ValueOf),
        Confirm = ValueOf(Options.Confirm),
        Wait = Has(Options.Wait),
        PlanOut = ValueOf(Options.Out) is { } plan ? Path.GetFullPath(plan) : null,
        PlanFile = ValueOf(Options.Plan) is { } saved ? Path.GetFullPath(saved) : null,
        OlderThan = ValueOf(Options.OlderThan) is { } age ? DurationOf(age) : null,
        List = Has(Options.List),
        Follow = Has(Options.Follow),
        Since = ValueOf(Options.Since) is { } since ? DurationOf(since) : null,
        Filter = ValueOf(Options.Filter),
        Json = Has(Options.Json),
        RefreshBase = Has(Options.RefreshBase),
        DetailedExitCode = Has(Options.DetailedExitCode),
    };

    /// <summary>A name, or a full path.</summary>
    public string EnvironmentFile => ValueOf(Options.Environment) switch
    {
        null => DefaultEnvironment,
        { } path when path.Contains('/', StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal) || path.EndsWith(".json", StringComparison.Ordinal) =>
            Path.GetFullPath(path),
        { } name => name,
    };

    private static IEnumerable<(Option Option, string Value)> Read(IReadOnlyList<string> args, List<string> errors)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (Options.Find(name) is not { } option)
            {
                errors.Add(Unknown(name));
                continue;
            }

            // A flag's value can only be written with "=": the next argument is never it.
            if (option.Value is null)
                value = value?.ToLowerInvariant() ?? True;
            else if (value is null && i + 1 < args.Count && Options.Find(Split(args[i + 1]).Name) is null)
                value = args[++i];

            if (option.Value is null && value is not (True or False))
                errors.Add($"{option.Name} is a flag and can't be \"{value}\".");
            else if (string.IsNullOrWhiteSpace(value))
                errors.Add($"{option.Name} wants a value: {option}.");
            else if (option.Value is not null || value == True)
                yield return (option, value);
        }
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 || !argument.StartsWith('-') ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static string Unknown(string name)
    {
        if (!name.StartsWith('-'))
            return $"\"{name}\" is not an option. A target is asked for with --target={name}.";

        return NearestName.Of(name, Options.All.Select(option => option.Name)) is { } near
            ? $"There is no option {name}. Did you mean {near}?"
            : $"There is no option {name}.";
    }

    private static void CheckArtifact(List<(Option Option, string Value)> given, List<string> errors)
    {
        foreach (var (_, kind) in given.Where(one => one.Option == Options.Artifact && one.Value is not (Options.Bundle or Options.Container)))
            errors.Add($"There is no artifact \"{kind}\": only {Options.Bundle} and {Options.Container}.");
    }

    private static void CheckConfirm(List<(Option Option, string Value)> given, List<string> errors)
    {
        foreach (var (_, what) in given.Where(one => one.Option == Options.Confirm && one.Value != MasterSecretStage.TokenServer))
            errors.Add($"{Options.Confirm.Name} can say {MasterSecretStage.TokenServer} only, not \"{what}\".");
        var targets = given.Where(one => one.Option == Options.Target).Select(one => one.Value).DefaultIfEmpty(DefaultTarget);
        var waits = targets.All(name => RotatesMasterSecret.Contains(name, StringComparer.OrdinalIgnoreCase));
        foreach (var option in given.Select(one => one.Option).Where(option => !waits && (option == Options.Confirm || option == Options.Wait)))
            errors.Add($"{option.Name} is for {string.Join(" and ", RotatesMasterSecret.Select(name => $"--target={name}"))} alone.");
    }

    private static void CheckService(List<(Option Option, string Value)> given, List<string> errors)
    {
        foreach (var (_, name) in given.Where(one => one.Option == Options.Service && one.Value != Pipeline.RunOptions.TokenServer))
            errors.Add($"{Options.Service.Name} can say {Pipeline.RunOptions.TokenServer} only, not \"{name}\".");
    }

    private static void CheckDurations(List<(Option Option, string Value)> given, List<string> errors)
    {
        foreach (var (option, text) in given.Where(one => (one.Option == Options.LockWait || one.Option == Options.OlderThan || one.Option == Options.Pause || one.Option == Options.Since) && DurationOf(one.Value) is null))
            errors.Add($"{option.Name} wants a duration such as 90s, 10m, 1h or 7d, not \"{text}\".");
    }

    // What would be left undone without a word is an error.
    private static void CheckTargets(List<(Option Option, string Value)> given, List<string> errors)
    {
        foreach (var (option, target) in new[] { (Options.Out, "Plan"), (Options.Plan, "Deploy"), (Options.List, "Sweep"), (Options.OlderThan, "Sweep"), (Options.Service, "Rollback"), (Options.Follow, "Logs"), (Options.Since, "Logs") })
        {
            var asked = given.Where(one => one.Option == Options.Target).Select(one => one.Value).DefaultIfEmpty(DefaultTarget);
            if (given.Exists(one => one.Option == option) && !asked.All(name => name.Equals(target, StringComparison.OrdinalIgnoreCase)))
                errors.Add($"{option.Name} is for --target={target} alone.");
        }
    }

    internal static TimeSpan? DurationOf(string text)
    {
        var unit = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? text[^1] : 's';
        return double.TryParse(text.TrimEnd(unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 100_000
            ? unit switch
            {
                's' => TimeSpan.FromSeconds(number),
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => null,
            }
            : null;
    }

    private static List<string> Canonical(List<(Option Option, string Value)> given, IReadOnlyCollection<string> names)
    {
        var targets = new List<string>();
        var errors = new List<string>();
        foreach (var asked in given.Where(one => one.Option == Options.Target).Select(one => one.Value))
        {
            if (names.FirstOrDefault(name => name.Equals(asked, StringComparison.OrdinalIgnoreCase)) is { } name)
                targets.Add(name);
            else
                errors.Add(NearestName.Several(asked, names, most: 3) is { Count: > 0 } near
                    ? $"There is no target \"{asked}\". Did you mean {string.Join(", ", near)}?"
                    : $"There is no target \"{asked}\".");
        }

        return errors.Count == 0
            ? targets
            : throw new PipelineException(ErrorCode.UnknownTarget, string.Join('\n', errors), hint: "./build.sh --description");
    }
}
