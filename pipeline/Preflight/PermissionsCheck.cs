using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>
/// Whether this caller may make security groups in the VPC. Of EC2's calls only this one and the launch, which <see cref="ImageCheck"/> asks for, can be asked
/// for before there is anything of the cluster; other services have no dry runs.
/// </summary>
public sealed class PermissionsCheck(IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation) : IPreflightCheck
{
    /// <inheritdoc/>
    public string About => "permissions";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var groups = await observation.SecurityGroups.GetAsync(cancellationToken);
        if (SecurityGroupPlan.Desired(settings, names).FirstOrDefault(wanted => !groups.Any(group => group.GroupName == wanted.Name)) is not { } missing) return new CheckResult(null, [], []);

        var network = await observation.Network.GetAsync(cancellationToken);
        var request = new CreateSecurityGroupRequest
        {
            DryRun = true,
            GroupName = missing.Name,
            Description = missing.Description,
            VpcId = network.VpcId,

            // Who may make only what carries the cluster's tags is asked about such.
            TagSpecifications = [new TagSpecification { ResourceType = ResourceType.SecurityGroup, Tags = ResourceTags.Of(names.Cluster, missing.Role).ToEc2() }],
        };
        var refused = await DryRun.AskAsync(() => clients.Ec2.CreateSecurityGroupAsync(request, cancellationToken), $"make security groups in {network.VpcId}", $"make the security group {missing.Name}");
        return CheckResult.Of("security groups may be made", refused is null ? [] : [refused]);
    }
}
