namespace SyncStorage.Deployments;

/// <summary>One figure and its limit.</summary>
internal sealed record Measure(string Name, double Value, double Limit, string Unit);
