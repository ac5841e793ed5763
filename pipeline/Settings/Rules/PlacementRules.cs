using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>On AWS, account and region are named, so that they can be compared with STS before anything else.</summary>
internal sealed class AccountAndRegionRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.LocalCloud is not null)
            return;
        if (settings.Aws.AccountId is null)
            errors.Add("aws.accountId", "is required on AWS (an environment without localCloud)");
        if (settings.Aws.Region is null)
            errors.Add("aws.region", "is required on AWS (an environment without localCloud)");
    }
}

/// <summary>An endpoint is HTTP; with LocalCloud it is on this machine.</summary>
internal sealed class EndpointRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.Aws.Endpoint is not { } endpoint)
            return;
        if (endpoint.Scheme is not ("http" or "https"))
            errors.Add("aws.endpoint", $"must be an http or https address, is {endpoint}");
        else if (settings.LocalCloud is not null && !endpoint.IsLoopback)
            errors.Add("aws.endpoint", $"must be on this machine (loopback) with localCloud, is {endpoint}");
    }
}

/// <summary>LocalCloud's API and its load balancer both listen on 127.0.0.1.</summary>
internal sealed class LocalPortsRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.LocalCloud is not { Port: > 0 } local) return;
        if (local.Port == settings.LoadBalancer.Port)
            errors.Add("localCloud.port", $"must differ from loadBalancer.port, both are {local.Port}");
        if (local.Port == settings.RedirectingPort)
            errors.Add("localCloud.port", $"must differ from loadBalancer.https.plainPort, both are {local.Port}");
    }
}

/// <summary>On AWS somebody has to have the certificate; and HTTPS does not share its port.</summary>
internal sealed class HttpsRule : ISettingsRule
{
    private const string Path = "loadBalancer.https";

    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.LoadBalancer.Https is not { } https) return;
        if (settings.RedirectingPort == settings.LoadBalancer.Port)
            errors.Add("loadBalancer.port", $"is that of HTTPS, and must differ from {Path}.plainPort; both are {https.PlainPort} (443 is usual)");
        CheckCertificate(settings, https.CertificateArn, $"{Path}.certificateArn", errors);
    }

    /// <summary>A load balancer can have a certificate of its own account and, of ACM, its own region.</summary>
    internal static void CheckCertificate(EnvironmentSettings settings, string? arn, string path, SettingsErrors errors)
    {
        if (arn is null)
        {
            if (settings.LocalCloud is null) errors.Add(path, "is required on AWS (an environment without localCloud)");
            return;
        }

        if (arn.Split(':') is not [_, _, var service, var region, var account, ..]) return;
        if (service == "acm" && settings.Aws.Region is { } own && region != own)
            errors.Add(path, $"must be a certificate of the cluster's region {own}, is one of {region}");
        if (settings.LocalCloud is null && settings.Aws.AccountId is { } owner && account != owner)
            errors.Add(path, $"must be a certificate of the account {owner} that aws.accountId names, is one of {account}");
    }
}

/// <summary>The bucket's name, cluster, account and region, fits into S3's 63 characters.</summary>
internal sealed class BucketNameRule : ISettingsRule
{
    private const int Longest = 63;

    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        var name = $"{settings.Cluster}-{settings.Aws.AccountId ?? "000000000000"}-{settings.Aws.Region ?? "us-east-1"}";
        if (name.Length > Longest)
            errors.Add("cluster", $"makes the bucket's name {name.Length} characters long, at most {Longest} are allowed: {name}");
    }
}

/// <summary>CIDRs are IPv4 networks, written without host bits, each once.</summary>
internal sealed class CidrsRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        Check(settings.Network.ClientCidrs, "network.clientCidrs", errors);
        Check(settings.Network.SshCidrs, "network.sshCidrs", errors);
    }

    private static void Check(IReadOnlyList<string> cidrs, string path, SettingsErrors errors)
    {
        for (var i = 0; i < cidrs.Count; i++)
        {
            if (!IPNetwork.TryParse(cidrs[i], out var network) || network.BaseAddress.AddressFamily != AddressFamily.InterNetwork || network.ToString() != cidrs[i])
                errors.Add($"{path}[{i}]", $"must be an IPv4 network like 10.0.0.0/16 without host bits, is \"{cidrs[i]}\"");
            else if (cidrs.Take(i).Contains(cidrs[i]))
                errors.Add($"{path}[{i}]", $"is there twice: {cidrs[i]}");
        }
    }
}

/// <summary>Subnets, where they are named, are at least two (a database subnet group spans two zones), each once.</summary>
internal sealed class SubnetsRule : ISettingsRule
{
    private const string Path = "network.subnetIds";

    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        var ids = settings.Network.SubnetIds;
        if (ids.Count == 1)
            errors.Add(Path, "must be at least two, in two zones (or none, for one a zone of the VPC)");
        for (var i = 0; i < ids.Count; i++)
        {
            if (!ids[i].StartsWith("subnet-", StringComparison.Ordinal))
                errors.Add($"{Path}[{i}]", $"must be a subnet's id like subnet-0a1b2c3d, is \"{ids[i]}\"");
            else if (ids.Take(i).Contains(ids[i]))
                errors.Add($"{Path}[{i}]", $"is there twice: {ids[i]}");
        }
    }
}

/// <summary>A dbnode on EC2 is one instance.</summary>
internal sealed class InstanceNodesRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        for (var i = 0; i < settings.Dbnodes.Count; i++)
            if (settings.Dbnodes[i].IsOnEc2 && settings.Dbnodes[i].MultiAz) errors.Add($"dbnodes[{i}].multiAz", "must be false with \"backend\": \"ec2\": it has no standby, but backups and a volume that outlives its instance");
    }
}

/// <summary>Instance types fit the image's architecture.</summary>
internal sealed partial class InstanceTypesRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        Check(settings.Webheads.InstanceType, "webheads.instanceType", settings.Image.Architecture, errors);
        if (settings.TokenServer is { } server) Check(server.InstanceType, "tokenServer.instanceType", settings.Image.Architecture, errors);
        Check(settings.Image.InstanceType, "image.instanceType", settings.Image.Architecture, errors);
        for (var i = 0; i < settings.Dbnodes.Count; i++)
            if (settings.Dbnodes[i].IsOnEc2) Check(settings.Dbnodes[i].InstanceType, $"dbnodes[{i}].instanceClass", settings.Image.Architecture, errors);
    }

    private static void Check(string type, string path, string wanted, SettingsErrors errors)
    {
        if (!InstanceType().IsMatch(type))
        {
            errors.Add(path, $"must be an instance type like t3.small, is \"{type}\"");
            return;
        }

        var architecture = Graviton().IsMatch(type) ? "arm64" : "x86_64";
        if (wanted is "arm64" or "x86_64" && architecture != wanted)
            errors.Add(path, $"{type} is {architecture}, image.architecture is {wanted}");
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]*\.[a-z0-9-]+$")]
    private static partial Regex InstanceType();

    // Graviton families have a g after the generation's number: t4g, c7gn, m6gd, is4gen.
    [GeneratedRegex(@"^(a1|[a-z]+[0-9]+[a-z]*g[a-z]*)\.")]
    private static partial Regex Graviton();
}
