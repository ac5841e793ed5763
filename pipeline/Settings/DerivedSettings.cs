using SyncStorage.Pipeline.Instances;

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
            || (settings.TokenServer is { InstanceProfile: null } && profile == settings.TokenServerProfile)
            || settings.InstanceNodes.Any(node => profile == new ClusterNames(settings.Cluster).NodeRole(node.Name));

        /// <summary>The token servers' instance profile.</summary>
        public string TokenServerProfile => settings.TokenServer?.InstanceProfile ?? $"{settings.Cluster}-tokenserver";

        /// <summary>The dbnode that has the token server's database; null where the settings have no such dbnode, or no token server.</summary>
        public DatabaseNodeSettings? TokenServerNode => settings.TokenServer is not { } server ? null
            : server.Dbnode is { } name ? settings.Dbnodes.FirstOrDefault(node => node.Name == name) : settings.Dbnodes is [var first, ..] ? first : null;

        /// <summary>What clients see of the token server.</summary>
        public Uri TokenServerOrigin => settings.Of(ServiceRole.TokenServer).OriginOf(settings.TokenServer!.Hostname);

        /// <summary>
        /// The settings as a role's fleet sees them. To the token servers', its own size, ports, profile and listener stand where the webheads' do, and its own
        /// name where the virtual hostnames do; a rollout has no canary among so few.
        /// </summary>
        /// <exception cref="InvalidOperationException">The settings have no token server.</exception>
        public EnvironmentSettings Of(ServiceRole role)
        {
            if (role == ServiceRole.Webhead) return settings;
            var server = settings.TokenServer ?? throw new InvalidOperationException("The settings have no token server: nobody should ask for its fleet.");
            return settings with
            {
                Webheads = settings.Webheads with { Count = server.Count, InstanceType = server.InstanceType, Port = server.Port, InstanceProfile = settings.TokenServerProfile },
                LoadBalancer = settings.LoadBalancer with
                {
                    Port = server.LoadBalancer.Port,
                    Https = server.LoadBalancer.Https is not { } https ? null : new HttpsSettings { CertificateArn = https.CertificateArn, Policy = https.Policy, PlainHttp = "refuse" },
                },
                Dbnodes = [new DatabaseNodeSettings { Name = settings.TokenServerNode!.Name, Hosts = [new VirtualHostSettings { Hostname = server.Hostname, Database = server.Database }] }],
                Monitoring = null,
                Rollout = settings.Rollout with { Strategy = "rolling", MinHealthy = null, BatchSize = 1, Surge = null },
            };
        }

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
