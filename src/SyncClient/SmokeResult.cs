namespace SyncStorage.SyncClient;

/// <summary>One step of a smoke test.</summary>
/// <param name="Name">What was tried, in a word or two.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record SmokeStep(string Name, string? Error, TimeSpan Elapsed);

/// <summary>How a smoke test of one virtual hostname went.</summary>
/// <param name="Hostname">The virtual hostname.</param>
/// <param name="Steps">What was tried, up to the first step that failed.</param>
public sealed record SmokeResult(string Hostname, IReadOnlyList<SmokeStep> Steps)
{
    /// <summary>Whether every step succeeded.</summary>
    public bool Ok => Failed is null;

    /// <summary>The step that failed, if one did.</summary>
    public SmokeStep? Failed => Steps.FirstOrDefault(step => step.Error is not null);
}

/// <summary>The item that a smoke test has written, for proving where it is.</summary>
/// <param name="Uid">The user.</param>
/// <param name="Collection">The collection.</param>
/// <param name="Id">The item's id.</param>
public sealed record SmokeItem(long Uid, string Collection, string Id);
