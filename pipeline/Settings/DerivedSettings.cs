namespace SyncStorage.Pipeline.Settings;

/// <summary>What follows from the settings.</summary>
public static class DerivedSettings
{
    extension(EnvironmentSettings settings)
    {
        /// <summary>The webheads' instance profile.</summary>
        public string WebheadProfile => settings.Webheads.InstanceProfile ?? $"{settings.Cluster}-webhead";

        /// <summary>The one-off admin instance's profile.</summary>
        public string AdminProfile => settings.Webheads.AdminInstanceProfile ?? $"{settings.Cluster}-admin";

        /// <summary>Whether an instance profile is one that the pipeline makes itself.</summary>
        public bool MakesProfile(string? profile) =>
            (settings.Webheads.InstanceProfile is null && profile == settings.WebheadProfile) || (settings.Webheads.AdminInstanceProfile is null && profile == settings.AdminProfile)
            || settings.InstanceNodes.Any(node => profile == new ClusterNames(settings.Cluster).NodeRole(node.Name));

        /// <summary>In-service webheads below which no step may go.</summary>
        public int MinHealthy => settings.Rollout.MinHealthy ?? settings.Webheads.Count;

        /// <summary>How many webheads more than desired may serve at once.</summary>
        public int Surge => settings.Rollout.Surge ?? settings.Rollout.BatchSize;

        /// <summary>The dbnodes on RDS.</summary>
        public IEnumerable<DatabaseNodeSettings> RdsNodes => settings.Dbnodes.Where(node => !node.IsOnEc2);

        /// <summary>The dbnodes on EC2.</summary>
        public IEnumerable<DatabaseNodeSettings> InstanceNodes => settings.Dbnodes.Where(node => node.IsOnEc2);

        /// <summary>Every virtual hostname.</summary>
        public IEnumerable<VirtualHostSettings> Hosts => settings.Dbnodes.SelectMany(node => node.Hosts);

        /// <summary>What clients see of a virtual hostname: scheme, name, and the port unless it is the scheme's own.</summary>
        public Uri OriginOf(string hostname) => new UriBuilder(settings.PublicScheme, hostname, settings.LoadBalancer.Port).Uri;

        /// <summary>What clients speak to the load balancer: <c>https</c> or <c>http</c>.</summary>
        public string PublicScheme => settings.LoadBalancer.Https is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

        /// <summary>The hosted zone's id, where the settings name it by that; null where by its name, or not at all. Names are in lower case.</summary>
        public string? ZoneIdInSettings => settings.Dns is { Zone: ['Z', ..] id } ? id : null;

        /// <summary>The port of plain HTTP, from which clients are sent to HTTPS; null if there is none.</summary>
        public int? RedirectingPort => settings.LoadBalancer.Https is { PlainHttp: "redirect" } https ? https.PlainPort : null;

        /// <summary>Whether the load balancer is to speak HTTPS to the webheads.</summary>
        public bool SpeaksTlsToWebheads => settings.LoadBalancer.Https is { ToWebheads: true };

        /// <summary>The ports that the load balancer listens on.</summary>
        public IEnumerable<int> ListenerPorts => settings.RedirectingPort is { } plain ? [settings.LoadBalancer.Port, plain] : [settings.LoadBalancer.Port];
    }
}
