namespace SyncStorage.Pipeline.Removal;

/// <summary>What sort of thing was left behind; in the order in which they are removed.</summary>
public enum LeftoverKind
{
    /// <summary>A load balancer: deleted before its instances are.</summary>
    LoadBalancer,

    /// <summary>An instance: terminated.</summary>
    Instance,

    /// <summary>An image: deregistered, with its snapshots.</summary>
    Image,

    /// <summary>A snapshot of an image that is gone.</summary>
    Snapshot,

    /// <summary>An object in the cluster's bucket.</summary>
    BucketObject,

    /// <summary>A name in the hosted zone: its records.</summary>
    Name,
}

/// <summary>Something that nothing needs any more.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id, or its key in the bucket.</param>
/// <param name="Why">Why it is not needed.</param>
/// <param name="Since">Since when it is there; null if that is not known.</param>
public sealed record Leftover(LeftoverKind Kind, string Id, string Why, DateTimeOffset? Since)
{
    /// <summary>Whether it is at least that old; of unknown age, it is not.</summary>
    public bool IsOlderThan(TimeSpan? age, DateTimeOffset now) => age is not { } least || (Since is { } since && now - since >= least);
}
