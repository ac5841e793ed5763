using SyncStorage.Pipeline.Cache;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the cluster's names are free, or the cluster's own already: by the comparisons that the stages make, too.</summary>
public sealed class NamesCheck(
    BucketStage bucket, RoleStage roles, SecurityGroupStage groups, LoadBalancerStage loadBalancer, DatabaseStage databases, CacheStage cache, MonitoringStage monitoring, TokenServerStage tokenServer, ClusterNames names) : IPreflightCheck
{
    /// <inheritdoc/>
    public string About => "names";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        foreach (IPlannedStage stage in (IPlannedStage[])[bucket, roles, groups, loadBalancer, databases, cache, monitoring, tokenServer])
        {
            try
            {
                await stage.PlanAsync(cancellationToken);
            }
            catch (PipelineException taken) when (taken.Code is ErrorCode.NotOurs or ErrorCode.DowntimeNotApproved)
            {
                problems.Add(new Problem(taken.Message, taken.Hint ?? ""));
            }
        }

        return CheckResult.Of($"names that begin with {names.Cluster} are free, or the cluster's own", problems);
    }
}
