namespace SyncStorage.Resilience.Fault;

/// <summary>How one fault in one stage ended.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Outcome"><c>new</c>, <c>old</c>, <c>stuck</c> (and said so), or what was wrong.</param>
/// <param name="ExitCode">Of the run with the fault.</param>
/// <param name="Error">Its error's code; null if it succeeded.</param>
/// <param name="Seconds">How long that run took.</param>
/// <param name="ConvergedAfterSeconds">How long the next run took, the fault being gone, that ended where an undisturbed one does; null if it did not.</param>
/// <param name="Requests">What the clients sent through the load balancer meanwhile.</param>
/// <param name="Unserved">Which of them failed because the dbnode was away that holds their data.</param>
internal sealed record FaultRow(
    string Fault, string Stage, string Outcome, int ExitCode, string? Error, double Seconds, double? ConvergedAfterSeconds, int Requests = 0, int Unserved = 0)
{
    /// <summary>Whether it is as it must be.</summary>
    public bool IsGood => Outcome is "new" or "old" or "stuck" && ConvergedAfterSeconds is not null;

    /// <summary>Tells two cases apart.</summary>
    public string Key => $"{Fault}/{Stage}";
}
