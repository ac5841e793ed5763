using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.IdentityManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>
/// The certificate that the load balancer shows. On AWS the settings name it. On LocalCloud, where nobody has one, it is made here for the
/// virtual hostnames: self-signed, its key given to IAM and kept nowhere else.
/// </summary>
public sealed partial class ClusterCertificate(
    IClients clients, EnvironmentSettings settings, ClusterNames names, RunOptions options, Waiter waiter, TimeProvider time, IProgress progress)
{
    /// <summary>The file with the webheads' certificate, beside LocalCloud's state: for clients that are to trust it.</summary>
    public const string FileName = "load-balancer.pem";

    /// <summary>The file with the token server's.</summary>
    public const string TokenServerFileName = "token-server.pem";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>What a client needs to connect, on a machine that is busy.</summary>
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(2);

    /// <summary>With less left it is replaced.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromDays(30);

    private bool IsOwn => settings.LoadBalancer.Https is { CertificateArn: null };

    private string Path => $"/{names.Cluster}/";

    /// <summary>The ARN that the load balancer would get; a description where the certificate has yet to be made. Null without HTTPS.</summary>
    public async Task<string?> PlannedAsync(CancellationToken cancellationToken)
    {
        if (!IsOwn) return settings.LoadBalancer.Https?.CertificateArn;
        return (await CurrentAsync(cancellationToken))?.Arn ?? $"a new one, for {settings.Hosts.Count()} virtual hostnames";
    }

    /// <summary>The ARN, of a certificate that is made if it has to be. Null without HTTPS.</summary>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (!IsOwn) return settings.LoadBalancer.Https?.CertificateArn;
        var all = await AllAsync(cancellationToken);
        var current = NewestOf(all) ?? await MakeAsync(time.GetUtcNow(), "yyyyMMdd", cancellationToken);

        // Until the load balancer shows the new one, clients see another of them.
        await KeepForClientsAsync([current.ServerCertificateName, .. all.Select(one => one.ServerCertificateName)], cancellationToken);
        return current.Arn;
    }

    /// <summary>
    /// Makes a new one, though there is one that is good. Clients are given it beside the present one: they trust it before it is shown.
    /// </summary>
    /// <param name="from">When it begins; its name says it, so that doing it again finds it.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    public async Task RenewAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        // Also where an earlier run has made it: the load balancer may show one of before still.
        var there = await AllAsync(cancellationToken);
        var made = await MakeAsync(from, "yyyyMMddHHmmss", cancellationToken);
        await KeepForClientsAsync([made.ServerCertificateName, .. there.Select(one => one.ServerCertificateName)], cancellationToken);

        // Who is connecting has read the file as it was.
        if (settings.LocalCloud is null) return;
        var pace = settings.Waits.Pace(settings.Waits.InstanceSeconds) with { Soonest = Handshake };
        await waiter.UntilAsync("clients that are connecting", pace, _ => Task.FromResult(Poll.Done(true)), cancellationToken);
    }

    /// <summary>What a client has to trust besides what the system trusts; null if nothing.</summary>
    public async Task<Func<X509Certificate2Collection>?> RootsAsync(CancellationToken cancellationToken)
    {
        if (!IsOwn || await AllAsync(cancellationToken) is not { Count: > 0 } all) return null;
        var roots = new X509Certificate2Collection();
        foreach (var one in all) roots.ImportFromPem(await BodyAsync(one.ServerCertificateName, cancellationToken));
        return () => roots;
    }

    /// <summary>When the certificate expires, of one that IAM keeps; null of one of ACM, which tells CloudWatch itself, and without HTTPS.</summary>
    public async Task<DateTimeOffset?> ExpiryAsync(CancellationToken cancellationToken)
    {
        if (IsOwn) return (await CurrentAsync(cancellationToken))?.Expiration?.ToUniversalTime();
        if (settings.LoadBalancer.Https?.CertificateArn is not { } arn || arn.Split(':')[2] != "iam") return null;
        var request = new GetServerCertificateRequest { ServerCertificateName = arn.Split('/')[^1] };
        return (await clients.Iam.GetServerCertificateAsync(request, cancellationToken)).ServerCertificate.ServerCertificateMetadata.Expiration?.ToUniversalTime();
    }

    /// <summary>Removes certificates that were made here and are shown no more.</summary>
    public async Task RemoveReplacedAsync(CancellationToken cancellationToken)
    {
        if (settings.LocalCloud is null) return;
        var current = IsOwn ? await CurrentAsync(cancellationToken) : null;
        await DeleteAsync((await AllAsync(cancellationToken)).Where(one => one.Arn != current?.Arn), cancellationToken);
        if (current is not null) await KeepForClientsAsync([current.ServerCertificateName], cancellationToken);
    }

    /// <summary>Removes all that were made here, for any role. The load balancers have to be gone.</summary>
    public async Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        if (settings.LocalCloud is not null)
            await DeleteAsync(await AllAsync([names.CertificatePrefix, new ClusterNames(names.Cluster, ServiceRole.TokenServer).CertificatePrefix], cancellationToken), cancellationToken);
    }

    /// <summary>A self-signed certificate for the hostnames.</summary>
    /// <param name="hostnames">The names that it is good for.</param>
    /// <param name="from">When it begins.</param>
    /// <param name="until">When it ends.</param>
    /// <param name="key">Its key.</param>
    internal static X509Certificate2 Make(IReadOnlyList<string> hostnames, DateTimeOffset from, DateTimeOffset until, ECDsa key)
    {
        // A name of its own: a client that trusts two of the same name may look for the one's issuer in the other.
        var subject = string.Create(CultureInfo.InvariantCulture, $"CN={hostnames[0]}, O=from {from:yyyy-MM-dd HH.mm.ss}");
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var hostname in hostnames) alternatives.AddDnsName(hostname);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request.CreateSelfSigned(from, until);
    }

    private async Task<ServerCertificateMetadata?> CurrentAsync(CancellationToken cancellationToken) => NewestOf(await AllAsync(cancellationToken));

    private ServerCertificateMetadata? NewestOf(List<ServerCertificateMetadata> all)
    {
        var prefix = NamePrefix();
        return all.Where(one => one.ServerCertificateName.StartsWith(prefix, StringComparison.Ordinal) && one.Expiration?.ToUniversalTime() > (time.GetUtcNow() + Reserve).UtcDateTime)
            .MaxBy(one => one.Expiration);
    }

    // Those that were made here for this role: somebody's own may have the same path.
    private Task<List<ServerCertificateMetadata>> AllAsync(CancellationToken cancellationToken) => AllAsync([names.CertificatePrefix], cancellationToken);

    private async Task<List<ServerCertificateMetadata>> AllAsync(string[] prefixes, CancellationToken cancellationToken) =>
        ((await clients.Iam.ListServerCertificatesAsync(new ListServerCertificatesRequest { PathPrefix = Path }, cancellationToken)).ServerCertificateMetadataList ?? [])
            .FindAll(one => prefixes.Any(prefix => one.ServerCertificateName.StartsWith(prefix, StringComparison.Ordinal) && OwnName().IsMatch(one.ServerCertificateName[prefix.Length..])));

    // Its name says what it is for, and when it ends: another run that makes the same one finds it.
    private string NamePrefix()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', Hostnames())));
        return $"{names.CertificatePrefix}{Convert.ToHexStringLower(hash)[..12]}-";
    }

    private List<string> Hostnames() => [.. settings.Hosts.Select(host => host.Hostname).Order(StringComparer.Ordinal)];

    private async Task<ServerCertificateMetadata> MakeAsync(DateTimeOffset from, string format, CancellationToken cancellationToken)
    {
        var until = from + Lifetime;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Make(Hostnames(), until - Lifetime - TimeSpan.FromHours(1), until, key);
        var name = NamePrefix() + until.ToString(format, CultureInfo.InvariantCulture);
        var request = new UploadServerCertificateRequest
        {
            ServerCertificateName = name,
            Path = Path,
            CertificateBody = certificate.ExportCertificatePem(),
            PrivateKey = key.ExportPkcs8PrivateKeyPem(),
            Tags = ResourceTags.Of(names.Cluster, "lb").ToIam(),
        };
        if (await AwsErrors.UnlessExistsAsync(() => clients.Iam.UploadServerCertificateAsync(request, cancellationToken)))
            progress.Changed($"certificate {name}, self-signed, for {string.Join(", ", Hostnames())}");
        return (await clients.Iam.GetServerCertificateAsync(new GetServerCertificateRequest { ServerCertificateName = name }, cancellationToken)).ServerCertificate.ServerCertificateMetadata;
    }

    private async Task<string> BodyAsync(string name, CancellationToken cancellationToken) =>
        (await clients.Iam.GetServerCertificateAsync(new GetServerCertificateRequest { ServerCertificateName = name }, cancellationToken)).ServerCertificate.CertificateBody;

    private async Task KeepForClientsAsync(IReadOnlyList<string> certificates, CancellationToken cancellationToken)
    {
        if (settings.LocalCloud is not { } local) return;
        var file = System.IO.Path.Combine(System.IO.Path.GetFullPath(local.StateDirectory, options.RepositoryRoot), names.Role == ServiceRole.Webhead ? FileName : TokenServerFileName);
        var bodies = new List<string>();
        foreach (var name in certificates.Distinct(StringComparer.Ordinal)) bodies.Add((await BodyAsync(name, cancellationToken)).TrimEnd());

        // In one step: clients read it when they like.
        var written = $"{file}.{options.DeploymentId}";
        await File.WriteAllTextAsync(written, string.Join('\n', bodies) + "\n", cancellationToken);
        File.Move(written, file, overwrite: true);
    }

    private async Task DeleteAsync(IEnumerable<ServerCertificateMetadata> gone, CancellationToken cancellationToken)
    {
        foreach (var one in gone)
        {
            var request = new DeleteServerCertificateRequest { ServerCertificateName = one.ServerCertificateName };
            await waiter.OncePossibleAsync(
                $"certificate {one.ServerCertificateName} to be in use no more", settings.Waits.Pace(settings.Waits.InstanceSeconds),
                token => AwsErrors.IfThereAsync(() => clients.Iam.DeleteServerCertificateAsync(request, token)), cancellationToken);
            progress.Changed($"certificate {one.ServerCertificateName} deleted");
        }
    }

    [GeneratedRegex("^[0-9a-f]{12}-[0-9]{8}([0-9]{6})?$")]
    private static partial Regex OwnName();
}
