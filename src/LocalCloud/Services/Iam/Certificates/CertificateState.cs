namespace SyncStorage.LocalCloud.Services.Iam.Certificates;

/// <summary>The server certificates that are kept across restarts.</summary>
internal sealed class CertificateState
{
    public List<CertificateRecord> Certificates { get; set; } = [];
}

/// <summary>One server certificate. The file that it is kept in is its owner's alone, as all state.</summary>
internal sealed record CertificateRecord
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset UploadedAt { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>PEM, as it was sent; so are the chain and the key.</summary>
    public required string Body { get; init; }

    public string? Chain { get; init; }

    public required string PrivateKey { get; init; }

    public Dictionary<string, string> Tags { get; init; } = [];
}
