using System.Text.Json.Serialization;

namespace SyncStorage.Resilience.Kill;

/// <summary>What happens to a deployment, and when.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Moment>))]
internal enum Moment
{
    /// <summary>Killed when the call before has been answered, and this one is not carried out.</summary>
    Before,

    /// <summary>Killed when the call was carried out, and its answer has not arrived.</summary>
    Unanswered,

    /// <summary>Killed as <see cref="Unanswered"/>, and so is the run that goes on with it, some calls later.</summary>
    Twice,

    /// <summary>A signal that asks it to end, at some time.</summary>
    Signal,

    /// <summary>Two signals, one right after the other.</summary>
    TwoSignals,
}

/// <summary>One deployment that is ended early.</summary>
/// <param name="Scenario">Which sort of deployment.</param>
/// <param name="Moment">What happens to it.</param>
/// <param name="At">At which of its calls that change something, counted from 1; of signals, at which thousandth of its time.</param>
internal sealed record KillCase(KillScenario Scenario, Moment Moment, int At)
{
    /// <summary>If <see cref="At"/> counts only the calls of one sort: which, e.g. <c>ec2:RunInstances</c>.</summary>
    public string? Call { get; init; }

    /// <summary>If it was chosen by its call's name: how that begins.</summary>
    public string? Prefix { get; init; }

    public bool IsSignal => Moment is Moment.Signal or Moment.TwoSignals;

    /// <summary>Whether the last of these calls is the one.</summary>
    public bool IsReached(IReadOnlyList<string> calls) =>
        Call is null ? calls.Count == At : calls[^1].StartsWith(Call, StringComparison.Ordinal) && calls.Count(call => call.StartsWith(Call, StringComparison.Ordinal)) == At;

    /// <summary>What tells it from others, also in another run.</summary>
    public string Id => $"{Scenario.Name} {(Prefix is null ? "" : $"{Prefix} ")}{Moment} {At}";
}

/// <summary>One deployment that was ended early, and run again.</summary>
/// <param name="Id">The case.</param>
/// <param name="Scenario">Which sort of deployment.</param>
/// <param name="Moment">What happened to it.</param>
/// <param name="Place">The call that it was killed at, by number and name; or the signal, and after how long it came.</param>
/// <param name="Outcome"><c>converged</c>, or what was wrong after the second run.</param>
/// <param name="Seconds">How long the second run took, with the wait for the lease of the first; of signals, how long the first went on after it.</param>
/// <param name="Requests">How many requests Sync clients sent meanwhile; 0 where nothing served yet. None failed, or the outcome says so.</param>
internal sealed record KillRow(string Id, string Scenario, Moment Moment, string Place, string Outcome, double Seconds, int Requests)
{
    public const string HasConverged = "converged";
    public const string WasOver = "was over before";

    /// <summary>What it is of, if the other rows are of another commit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Commit { get; init; }

    [JsonIgnore]
    public bool Converged => Outcome is HasConverged or WasOver;
}
