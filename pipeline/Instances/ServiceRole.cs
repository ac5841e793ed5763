namespace SyncStorage.Pipeline.Instances;

/// <summary>
/// A service that runs as a fleet of its own, behind a load balancer of its own. One code bakes, launches, rolls, heals and rolls back the fleets of all
/// roles; what differs is here, in the <see cref="ClusterNames"/> of a role, and in the settings as the role's fleet sees them.
/// </summary>
/// <param name="Tag">The tag <c>Role</c> of its instances and images.</param>
/// <param name="Program">Its executable, the folder of that, and what its unit is named after.</param>
/// <param name="Noun">What people call one of its instances.</param>
public sealed record ServiceRole(string Tag, string Program, string Noun)
{
    /// <summary>What serves users' data.</summary>
    public static ServiceRole Webhead { get; } = new("webhead", "webhead", "webhead");

    /// <summary>What gives users their nodes.</summary>
    public static ServiceRole TokenServer { get; } = new("tokenserver", "tokenserver", "token server");

    /// <summary>What holds users' data, where that is on EC2: no fleet, but an image that is baked by the same code.</summary>
    public static ServiceRole Dbnode { get; } = new("dbnode", "dbnode", "dbnode");

    /// <summary>What people call several of its instances.</summary>
    public string Plural => $"{Noun}s";

    /// <summary>The name of a step, for client tokens: two roles take it in one deployment.</summary>
    public string Step(string name) => this == Webhead ? name : $"{Tag}-{name}";
}
