using Microsoft.Extensions.DependencyInjection;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Rotation;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>
/// What the webheads' fleet is made of, once more for the token servers': the same classes, with the names of that role and the settings as it sees them. Made
/// when the first is asked for; who asks has to know that the settings have a token server.
/// </summary>
/// <param name="cluster">What both roles share.</param>
public sealed class TokenServerParts(IServiceProvider cluster)
{
    private readonly Lazy<IServiceProvider> parts = new(() => PipelineServices.MakeTokenServer(cluster));

    /// <summary>The admin instance, of the token server's image.</summary>
    public AdminInstance Admin => Get<AdminInstance>();

    /// <summary>Bakes its image.</summary>
    public BakeStage Bake => Get<BakeStage>();

    /// <summary>Whether a release of it can be rolled out.</summary>
    public CompatibilityCheck Compatibility => Get<CompatibilityCheck>();

    /// <summary>The end of its rollout.</summary>
    public RolloutCompletion Completion => Get<RolloutCompletion>();

    /// <summary>Its name in DNS.</summary>
    public DnsStage Dns => Get<DnsStage>();

    /// <summary>Its instances.</summary>
    public Fleet Fleet => Get<Fleet>();

    /// <summary>Heals it.</summary>
    public FleetHealing Healing => Get<FleetHealing>();

    /// <summary>Its images.</summary>
    public ImageCatalog Images => Get<ImageCatalog>();

    /// <summary>Its load balancer.</summary>
    public LoadBalancerStage LoadBalancer => Get<LoadBalancerStage>();

    /// <summary>Facts about it.</summary>
    public Observation Observation => Get<Observation>();

    /// <summary>Has its instances take a configuration.</summary>
    public ConfigPush Push => Get<ConfigPush>();

    /// <summary>Which of its images stay.</summary>
    public ImageRetention Retention => Get<ImageRetention>();

    /// <summary>Brings an earlier release back.</summary>
    public FleetRollback Rollback => Get<FleetRollback>();

    /// <summary>Rolls its fleet.</summary>
    public RollingDeployment Rollout => Get<RollingDeployment>();

    /// <summary>The image of what serves.</summary>
    public ServingImage Serving => Get<ServingImage>();

    /// <summary>What runs of it.</summary>
    public FleetStatus Status => Get<FleetStatus>();

    /// <summary>The certificate that its load balancer shows.</summary>
    public ClusterCertificate Certificate => Get<ClusterCertificate>();

    private T Get<T>()
        where T : notnull => parts.Value.GetRequiredService<T>();
}
