namespace SyncStorage.Pipeline.Planning;

/// <summary>The facts of <see cref="Observation"/>, for who knows beforehand which will be asked for.</summary>
[Flags]
public enum Facts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>VPC, subnets and security groups.</summary>
    SecurityGroups = 1,

    /// <summary>The load balancer.</summary>
    LoadBalancer = 2,

    /// <summary>The instances.</summary>
    Instances = 4,

    /// <summary>The images.</summary>
    Images = 8,

    /// <summary>The databases and their subnet group.</summary>
    Databases = 16,

    /// <summary>The cache cluster.</summary>
    Cache = 32,
}
