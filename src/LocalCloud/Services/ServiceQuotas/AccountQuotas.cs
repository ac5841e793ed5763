namespace SyncStorage.LocalCloud.Services.ServiceQuotas;

/// <summary>A quota of the account.</summary>
/// <param name="Service">Of which service.</param>
/// <param name="Code">AWS's code of it.</param>
/// <param name="Name">AWS's name of it.</param>
/// <param name="Value">How much is allowed.</param>
internal sealed record AccountQuota(string Service, string Code, string Name, int Value);

/// <summary>The account's quotas that Service Quotas alone tells. Who gives the resource out keeps to them.</summary>
internal static class AccountQuotas
{
    /// <summary>vCPUs of instances that run at once.</summary>
    public static AccountQuota StandardCpus { get; } = new("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 1920);

    /// <summary>Rules of one security group, each way.</summary>
    public static AccountQuota RulesOfGroup { get; } = new("vpc", "L-0EA8095F", "Inbound or outbound rules per security group", 60);

    public static IReadOnlyList<AccountQuota> All { get; } = [StandardCpus, RulesOfGroup];
}
