namespace SyncStorage.Pipeline.Rollout;

/// <summary>The load balancer's word on an instance.</summary>
/// <param name="State"><c>InService</c>, <c>OutOfService</c>, <c>Unknown</c>, or <c>NotRegistered</c>.</param>
/// <param name="Description">AWS's description; empty if it gave none.</param>
public sealed record Verdict(string State, string Description)
{
    /// <summary>It is not behind the load balancer.</summary>
    public static readonly Verdict NotRegistered = new("NotRegistered", "");

    /// <summary>Whether the load balancer knows it, draining or not.</summary>
    public bool IsRegistered => this != NotRegistered;

    /// <summary>A draining instance is still InService; only its description tells.</summary>
    public bool IsDraining => Description.Contains("deregistration", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it gets new requests: in service, and not on its way out.</summary>
    public bool IsServing => State == "InService" && !IsDraining;

    /// <summary>Whether the load balancer's probes have failed so often that it took it out; not one that has yet to pass them.</summary>
    public bool FailsProbes => State == "OutOfService" && Description.Contains("UnhealthyThreshold", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => IsDraining ? "draining" : Description is "" or "N/A" ? State : $"{State} ({Description.TrimEnd('.')})";
}

/// <summary>One webhead as observed.</summary>
/// <param name="Id">The instance's id.</param>
/// <param name="Zone">Its availability zone.</param>
/// <param name="Address">Its private address, or null.</param>
/// <param name="State">EC2's state.</param>
/// <param name="Release">The release of its image.</param>
/// <param name="LaunchSpec">What it was launched from, as a hash.</param>
/// <param name="Launched">When.</param>
/// <param name="Verdict">The load balancer's word.</param>
public sealed record Webhead(
    string Id, string Zone, string? Address, string State, string Release, string LaunchSpec, DateTimeOffset Launched, Verdict Verdict)
{
    /// <summary>Whether it runs, or is about to.</summary>
    public bool IsRunning => State is "running" or "pending";
}
