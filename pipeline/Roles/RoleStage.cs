using Amazon.IdentityManagement.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Roles;

/// <summary>
/// Ensure-Roles: makes the roles and instance profiles of webheads and admin instances, with the least that they need, and puts back what
/// drifted. Those that the settings name are somebody else's, and not touched.
/// </summary>
public sealed class RoleStage : IPlannedStage
{
    private const double KnownWithinSeconds = 120;

    private readonly IClients clients;
    private readonly EnvironmentSettings settings;
    private readonly ClusterNames names;
    private readonly ClusterBucket bucket;
    private readonly AwsConnection connection;
    private readonly Waiter waiter;
    private readonly IProgress progress;
    private readonly RoleReader reader;
    private readonly Memo<IReadOnlyDictionary<string, ObservedRole>> seen;

    /// <summary>Reads nothing yet.</summary>
    public RoleStage(IClients clients, EnvironmentSettings settings, ClusterNames names, ClusterBucket bucket, AwsConnection connection, Waiter waiter, IProgress progress)
    {
        (this.clients, this.settings, this.names, this.bucket, this.connection) = (clients, settings, names, bucket, connection);
        (this.waiter, this.progress) = (waiter, progress);
        reader = new RoleReader(clients, names);
        seen = new(token => reader.ReadAsync(Desired, Boundary, token));
    }

    private IReadOnlyList<DesiredRole> Desired => DesiredRole.All(settings, names, bucket.Name, Arns.Of(connection.Target));

    private string? Boundary => settings.Iam.PermissionsBoundary;

    private Pace Pace => settings.Waits.Pace(Math.Min(KnownWithinSeconds, settings.Waits.InstanceSeconds));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var observed = await seen.GetAsync(cancellationToken);
        return [.. Desired.SelectMany(role => RolePlan.Describe(role, observed[role.Name], Boundary, names.Cluster))];
    }

    /// <summary>Brings the roles to what they should be.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var observed = await seen.GetAsync(cancellationToken);
        var desired = Desired;

        // All are compared before the first is touched: one that is somebody else's ends it.
        var different = desired.Where(role => RolePlan.Compare(role, observed[role.Name], Boundary, names.Cluster).Count > 0).ToList();
        if (different.Count < desired.Count) progress.Found($"roles {string.Join(", ", desired.Except(different).Select(role => role.Name))} are as they should be");
        if (desired.Count == 0) progress.Found($"the settings name the instance profiles: {settings.WebheadProfile}, {settings.AdminProfile}");
        foreach (var role in different) await EnsureAsync(role, observed[role.Name], cancellationToken);
        seen.Forget();
    }

    private async Task EnsureAsync(DesiredRole role, ObservedRole observed, CancellationToken cancellationToken)
    {
        var parts = RolePlan.Compare(role, observed, Boundary, names.Cluster);
        if (!await CreateAsync(role, parts, cancellationToken))
        {
            // An attempt whose answer was lost, or another's: only a look tells.
            observed = await waiter.UntilAsync($"role {role.Name} to be known", Pace, async token =>
                await reader.ReadAsync(role.Name, token) is { Role: not null, Profile: not null } known ? Poll.Done(known) : Poll.NotYet<ObservedRole>("not known yet"), cancellationToken);
            parts = RolePlan.Compare(role, observed, Boundary, names.Cluster);
        }

        foreach (var part in parts.Where(part => part is not (RolePart.Role or RolePart.Profile)))
        {
            await waiter.OncePossibleAsync(
                $"role {role.Name} to take changes", Pace,
                async token =>
                {
                    await SetAsync(part, role, observed, token);
                    return true;
                },
                cancellationToken);
            if (RolePlan.Describe(part, role, observed, Boundary, names.Cluster) is { } change) progress.Changed($"{change.Resource}: {change.Text}");
        }
    }

    /// <returns>False if something was there that had not been seen.</returns>
    private async Task<bool> CreateAsync(DesiredRole role, IReadOnlyList<RolePart> parts, CancellationToken cancellationToken)
    {
        var tags = RolePlan.Tags(role, names.Cluster).ToIam();
        var isNew = true;
        if (parts.Contains(RolePart.Role))
        {
            isNew &= await AwsErrors.UnlessExistsAsync(() => clients.Iam.CreateRoleAsync(
                new CreateRoleRequest
                {
                    RoleName = role.Name,
                    Path = names.RolePath,
                    Description = role.Description,
                    AssumeRolePolicyDocument = DesiredRole.Trust,
                    PermissionsBoundary = Boundary,
                    Tags = tags,
                },
                cancellationToken));
        }

        if (parts.Contains(RolePart.Profile))
        {
            isNew &= await AwsErrors.UnlessExistsAsync(() => clients.Iam.CreateInstanceProfileAsync(
                new CreateInstanceProfileRequest { InstanceProfileName = role.Name, Path = names.RolePath, Tags = tags }, cancellationToken));
        }

        if (parts.Any(part => part is RolePart.Role or RolePart.Profile)) progress.Changed($"created role and instance profile {role.Name}");
        return isNew;
    }

    private Task SetAsync(RolePart part, DesiredRole role, ObservedRole observed, CancellationToken cancellationToken) => part switch
    {
        RolePart.Trust => clients.Iam.UpdateAssumeRolePolicyAsync(new UpdateAssumeRolePolicyRequest { RoleName = role.Name, PolicyDocument = DesiredRole.Trust }, cancellationToken),
        RolePart.RoleTags => clients.Iam.TagRoleAsync(
            new TagRoleRequest { RoleName = role.Name, Tags = RolePlan.Tags(role, names.Cluster).Missing(observed.Role!.Tags).ToIam() }, cancellationToken),
        RolePart.Boundary when Boundary is { } boundary => clients.Iam.PutRolePermissionsBoundaryAsync(
            new PutRolePermissionsBoundaryRequest { RoleName = role.Name, PermissionsBoundary = boundary }, cancellationToken),
        RolePart.Boundary => clients.Iam.DeleteRolePermissionsBoundaryAsync(new DeleteRolePermissionsBoundaryRequest { RoleName = role.Name }, cancellationToken),
        RolePart.Policy => clients.Iam.PutRolePolicyAsync(
            new PutRolePolicyRequest { RoleName = role.Name, PolicyName = DesiredRole.PolicyName, PolicyDocument = role.Policy }, cancellationToken),
        RolePart.ProfileTags => clients.Iam.TagInstanceProfileAsync(
            new TagInstanceProfileRequest { InstanceProfileName = role.Name, Tags = RolePlan.Tags(role, names.Cluster).Missing(observed.Profile!.Tags).ToIam() }, cancellationToken),
        RolePart.OtherRole => AwsErrors.IfThereAsync(() => clients.Iam.RemoveRoleFromInstanceProfileAsync(
            new RemoveRoleFromInstanceProfileRequest { InstanceProfileName = role.Name, RoleName = observed.Profile!.Role }, cancellationToken)),
        RolePart.Membership => JoinAsync(role, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private async Task JoinAsync(DesiredRole role, CancellationToken cancellationToken)
    {
        try
        {
            await clients.Iam.AddRoleToInstanceProfileAsync(new AddRoleToInstanceProfileRequest { InstanceProfileName = role.Name, RoleName = role.Name }, cancellationToken);
        }
        catch (AmazonServiceException full) when (full.ErrorCode == "LimitExceeded")
        {
            // A profile takes one role: perhaps an attempt before has put ours in, and its answer was lost.
            if ((await reader.ProfileAsync(role.Name, cancellationToken))?.Role != role.Name) throw;
        }
    }
}
