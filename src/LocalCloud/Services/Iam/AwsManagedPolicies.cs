namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>Policies that AWS itself keeps in every account; those of them that fleets and their boundaries use.</summary>
internal static class AwsManagedPolicies
{
    private static readonly DateTimeOffset Since = new(2019, 3, 15, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] AgentActions =
    [
        "ssm:UpdateInstanceInformation", "ssm:ListInstanceAssociations", "ssm:ListAssociations", "ssm:DescribeAssociation", "ssm:GetDocument", "ssm:DescribeDocument",
        "ssm:GetManifest", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetDeployablePatchSnapshotForInstance", "ssm:PutInventory", "ssm:PutComplianceItems",
        "ssm:PutConfigurePackageResult", "ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus", "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel", "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage",
        "ec2messages:FailMessage", "ec2messages:GetEndpoint", "ec2messages:GetMessages", "ec2messages:SendReply",
    ];

    /// <summary>Those that are known here, by ARN.</summary>
    public static IReadOnlyDictionary<string, PolicyRecord> All { get; } = new Dictionary<string, PolicyRecord>(StringComparer.Ordinal)
    {
        [Arn("AdministratorAccess")] = Policy("AdministratorAccess", "*"),
        [Arn("ReadOnlyAccess")] = Policy("ReadOnlyAccess", "*:Describe*", "*:Get*", "*:List*"),
        [Arn("AmazonSSMManagedInstanceCore")] = Policy("AmazonSSMManagedInstanceCore", AgentActions),
    };

    private static string Arn(string name) => $"arn:aws:iam::aws:policy/{name}";

    private static PolicyRecord Policy(string name, params IEnumerable<string> actions) => new()
    {
        Name = name,
        Path = "/",
        Id = $"ANPA{name.ToUpperInvariant()}AAAAAAAAAAAAAAAAA"[..21],
        CreatedAt = Since,
        Document = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[{{string.Join(',', actions.Select(action => $"\"{action}\""))}}],"Resource":"*"}]}""",
    };
}
