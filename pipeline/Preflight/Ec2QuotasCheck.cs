using System.Text.RegularExpressions;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.ServiceQuotas.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the account may run the cluster's vCPUs besides all that runs in it, and a group may have the rules: Service Quotas alone tells these.</summary>
public sealed partial class Ec2QuotasCheck(IClients clients, EnvironmentSettings settings, ClusterNames names) : IPreflightCheck
{
    // AWS's codes of "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", which counts vCPUs, and of "Inbound or outbound rules per security group".
    private const string StandardCpus = "L-1216C47A", RulesOfGroup = "L-0EA8095F";

    // What every account may have; a quota can only be raised.
    private const int RulesWithoutAsking = 60;
    private const string Raise = "Have it raised in Service Quotas, or make room.";

    /// <inheritdoc/>
    public string About => "quotas of EC2";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var rules = settings.ListenerPorts.Count() * settings.Network.ClientCidrs.Count;
        var mostRules = rules <= RulesWithoutAsking ? RulesWithoutAsking : await QuotaAsync("vpc", RulesOfGroup, cancellationToken);
        var (problems, notices) = (new List<Problem>(JudgeRules(rules, mostRules)), new List<string>());
        if (mostRules is null) notices.Add("quotas: how many rules a security group may have is not told");
        var (standard, own) = Types(settings);
        if (standard.Count > 0)
        {
            var (problem, notice) = await CpusAsync(standard, cancellationToken);
            if (problem is not null) problems.Add(problem);
            if (notice is not null) notices.Add(notice);
        }

        if (own.Count > 0) notices.Add($"quotas: the vCPUs of {string.Join(", ", own)} have a quota of their own, which is not asked");
        return CheckResult.Of("quotas of EC2 have room, as far as they are told", problems) with { Notices = notices };
    }

    private async Task<(Problem? Problem, string? Notice)> CpusAsync(IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var quota = await QuotaAsync("ec2", StandardCpus, cancellationToken);
        var running = await RunningAsync(cancellationToken);
        var cpus = await CpusOfAsync([.. running.Select(instance => instance.InstanceType.Value).Concat(types).Distinct()], cancellationToken);
        var others = running.Where(instance => !ResourceTags.AreOurs((instance.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value), names.Cluster))
            .Sum(instance => cpus.GetValueOrDefault(instance.InstanceType.Value));
        return JudgeCpus(settings, cpus, others, quota);
    }

    /// <summary>The types of the cluster's instances: those that share the quota that is asked for, and those that have one of their own.</summary>
    internal static (IReadOnlyList<string> Standard, IReadOnlyList<string> Own) Types(EnvironmentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var types = Fleets(settings).Select(fleet => fleet.Webheads.InstanceType).Append(settings.Image.InstanceType).Concat(settings.InstanceNodes.Select(node => node.InstanceType)).Distinct()
            .ToLookup(type => Standard().IsMatch(type));
        return ([.. types[true]], [.. types[false]]);
    }

    internal static Problem[] JudgeRules(int wanted, double? most) =>
        wanted > most ? [new Problem($"network.clientCidrs makes {wanted} rules of one security group; the account may have {most:0}.", "Join networks, or have \"Inbound or outbound rules per security group\" raised in Service Quotas.")] : [];

    /// <summary>
    /// A first deployment has the fleets, the dbnodes on EC2 and a builder; a rollout, of one fleet after the other, has those that are replaced besides, until its end
    /// or until they are drained.
    /// </summary>
    /// <param name="settings">What is wanted.</param>
    /// <param name="cpus">How many vCPUs each type has.</param>
    /// <param name="others">The vCPUs that run and are not the cluster's.</param>
    /// <param name="most">The quota; null if it is not told.</param>
    internal static (Problem? Problem, string? Notice) JudgeCpus(EnvironmentSettings settings, IReadOnlyDictionary<string, int> cpus, int others, double? most)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(cpus);
        if (most is not { } quota) return (null, "quotas: how many vCPUs may run is not told");
        var standing = Fleets(settings).Sum(fleet => fleet.Webheads.Count * Each(fleet.Webheads.InstanceType)) + settings.InstanceNodes.Sum(node => Each(node.InstanceType));
        var first = standing + Each(settings.Image.InstanceType);
        var rollout = standing + Fleets(settings).Max(fleet => Besides(fleet) * Each(fleet.Webheads.InstanceType));
        if (others + first > quota)
            return (new Problem($"The account may run {quota:0} vCPUs, and {others} of others do; the cluster wants {first} with its builder.", Raise), null);
        return (null, others + rollout > quota ? $"quotas: a rollout wants up to {rollout} vCPUs, besides {others} of others; the account may run {quota:0}. {Raise}" : null);

        int Each(string type) => Standard().IsMatch(type) ? cpus.GetValueOrDefault(type) : 0;
        static int Besides(EnvironmentSettings fleet) => fleet.Rollout.KeepOldUntilEnd ? fleet.Webheads.Count : Math.Max(fleet.Surge, fleet.Rollout.BatchSize);
    }

    private static IEnumerable<EnvironmentSettings> Fleets(EnvironmentSettings settings) => settings.TokenServer is null ? [settings] : [settings, settings.Of(ServiceRole.TokenServer)];

    private async Task<double?> QuotaAsync(string service, string code, CancellationToken cancellationToken)
    {
        var answer = await AwsErrors.UnlessMissingAsync(async () => await clients.Quotas.GetServiceQuotaAsync(new GetServiceQuotaRequest { ServiceCode = service, QuotaCode = code }, cancellationToken));
        return answer?.Quota?.Value;
    }

    private async Task<List<Instance>> RunningAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeInstancesRequest { Filters = [new Filter("instance-state-name", ["pending", "running"])] };
        var found = new List<Instance>();
        do
        {
            var page = await clients.Ec2.DescribeInstancesAsync(request, cancellationToken);

            // What was bought on the spot market has quotas of its own.
            found.AddRange((page.Reservations ?? []).SelectMany(reservation => reservation.Instances ?? [])
                .Where(instance => instance.InstanceLifecycle is null && Standard().IsMatch(instance.InstanceType.Value)));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    private async Task<Dictionary<string, int>> CpusOfAsync(List<string> types, CancellationToken cancellationToken)
    {
        // A filter finds those that there are; asked for by name, one that does not exist fails the call.
        var request = new DescribeInstanceTypesRequest { Filters = [new Filter("instance-type", types)] };
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        do
        {
            var page = await clients.Ec2.DescribeInstanceTypesAsync(request, cancellationToken);
            foreach (var type in page.InstanceTypes ?? []) found[type.InstanceType.Value] = type.VCpuInfo?.DefaultVCpus ?? 0;
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    // inf, hpc, dl and others that begin with these letters have buckets of their own.
    [GeneratedRegex(@"^(a|c|d|h|i|im|is|m|r|t|z)[0-9]")]
    private static partial Regex Standard();
}
