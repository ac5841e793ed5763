using System.Text.RegularExpressions;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.ServiceQuotas.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the account may run the fleet's vCPUs besides all that runs in it, and a group may have the rules: Service Quotas alone tells these.</summary>
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
        if (Standard().IsMatch(settings.Webheads.InstanceType) && Standard().IsMatch(settings.Image.InstanceType))
        {
            var (problem, notice) = await CpusAsync(cancellationToken);
            if (problem is not null) problems.Add(problem);
            if (notice is not null) notices.Add(notice);
        }
        else
        {
            notices.Add($"quotas: the vCPUs of {settings.Webheads.InstanceType} have a quota of their own, which is not asked");
        }

        return CheckResult.Of("quotas of EC2 have room, as far as they are told", problems) with { Notices = notices };
    }

    private async Task<(Problem? Problem, string? Notice)> CpusAsync(CancellationToken cancellationToken)
    {
        var quota = await QuotaAsync("ec2", StandardCpus, cancellationToken);
        var running = await RunningAsync(cancellationToken);
        var cpus = await CpusAsync([.. running.Select(instance => instance.InstanceType.Value).Append(settings.Webheads.InstanceType).Append(settings.Image.InstanceType).Distinct()], cancellationToken);
        var others = running.Where(instance => !ResourceTags.AreOurs((instance.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value), names.Cluster))
            .Sum(instance => cpus.GetValueOrDefault(instance.InstanceType.Value));
        return JudgeCpus(settings, cpus.GetValueOrDefault(settings.Webheads.InstanceType), cpus.GetValueOrDefault(settings.Image.InstanceType), others, quota);
    }

    internal static Problem[] JudgeRules(int wanted, double? most) =>
        wanted > most ? [new Problem($"network.clientCidrs makes {wanted} rules of one security group; the account may have {most:0}.", "Join networks, or have \"Inbound or outbound rules per security group\" raised in Service Quotas.")] : [];

    /// <summary>A first deployment has the fleet and a builder; a rollout has those that are replaced besides, until its end or until they are drained.</summary>
    internal static (Problem? Problem, string? Notice) JudgeCpus(EnvironmentSettings settings, int each, int builder, int others, double? most)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (most is not { } quota) return (null, "quotas: how many vCPUs may run is not told");
        var fleet = settings.Webheads.Count * each;
        var rollout = fleet + (settings.Rollout.KeepOldUntilEnd ? fleet : Math.Max(settings.Surge, settings.Rollout.BatchSize) * each);
        if (others + fleet + builder > quota)
            return (new Problem($"The account may run {quota:0} vCPUs, and {others} of others do; the cluster wants {fleet + builder} with its builder.", Raise), null);
        return (null, others + rollout > quota ? $"quotas: a rollout wants up to {rollout} vCPUs, besides {others} of others; the account may run {quota:0}. {Raise}" : null);
    }

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

    private async Task<Dictionary<string, int>> CpusAsync(List<string> types, CancellationToken cancellationToken)
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
