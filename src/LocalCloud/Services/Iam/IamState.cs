namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>What IAM keeps across restarts. Names are unique whatever their case, so they are looked for, not indexed.</summary>
internal sealed class IamState
{
    public List<RoleRecord> Roles { get; set; } = [];

    public List<ProfileRecord> Profiles { get; set; } = [];

    public List<PolicyRecord> Policies { get; set; } = [];
}

/// <summary>One role.</summary>
internal sealed class RoleRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The trust policy, as it was sent.</summary>
    public required string Trust { get; set; }

    public string? Description { get; set; }

    public int MaxSessionSeconds { get; set; } = 3600;

    /// <summary>The ARN of the permissions boundary, or null.</summary>
    public string? Boundary { get; set; }

    /// <summary>The inline policies by name, as they were sent.</summary>
    public Dictionary<string, string> Policies { get; set; } = [];

    /// <summary>The ARNs of attached policies.</summary>
    public List<string> Attached { get; set; } = [];

    public Dictionary<string, string> Tags { get; set; } = [];
}

/// <summary>One instance profile.</summary>
internal sealed class ProfileRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its role's name; null while it has none.</summary>
    public string? Role { get; set; }

    public Dictionary<string, string> Tags { get; set; } = [];
}

/// <summary>One policy of the account's own.</summary>
internal sealed class PolicyRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string Document { get; init; }

    public string? Description { get; init; }

    public Dictionary<string, string> Tags { get; set; } = [];
}
