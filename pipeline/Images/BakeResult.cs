namespace SyncStorage.Pipeline.Images;

/// <summary>What a builder reported in <c>result.json</c>.</summary>
/// <param name="Outcome"><c>ok</c> or <c>failed</c>.</param>
/// <param name="Step">The step that it was in.</param>
/// <param name="ExitCode">The step's exit code.</param>
/// <param name="Release">What it installed.</param>
public sealed record BakeResult(string Outcome, string Step, int ExitCode, string Release);
