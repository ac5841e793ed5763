using System.Text.Json.Serialization;

namespace SyncStorage.LocalCloud.Services.Ssm;

/// <summary>What is saved of the parameters.</summary>
internal sealed class ParameterStoreState
{
    public SortedDictionary<string, ParameterState> Parameters { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>A parameter: what all its versions share, and the versions, the newest last.</summary>
internal sealed class ParameterState
{
    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    public string? KeyId { get; set; }

    public string? Description { get; set; }

    public string? AllowedPattern { get; set; }

    public string Tier { get; set; } = "Standard";

    public string DataType { get; set; } = "text";

    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);

    public List<ParameterVersion> Versions { get; init; } = [];

    [JsonIgnore]
    public ParameterVersion Current => Versions[^1];

    [JsonIgnore]
    public bool IsSecure => Type == "SecureString";
}

/// <summary>One version. <paramref name="Stored"/> is encrypted if the parameter is a SecureString.</summary>
internal sealed record ParameterVersion(long Version, string Stored, DateTimeOffset Modified, string User);
