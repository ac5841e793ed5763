using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Roles;

/// <summary>Deployer-Policy: writes the policy of whoever deploys this environment, for the role that deploys it.</summary>
public sealed class DeployerPolicyFile(EnvironmentSettings settings, RunOptions options, IProgress progress)
{
    /// <summary>Writes <c>artifacts/deployer-policy.json</c>. Nothing is asked of AWS.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var policy = DeployerPolicy.Of(settings);
        Directory.CreateDirectory(options.ArtifactsDirectory);
        var file = Path.Combine(options.ArtifactsDirectory, "deployer-policy.json");
        await File.WriteAllTextAsync(file, policy.Document, cancellationToken);
        progress.Found($"the policy of whoever deploys {settings.Cluster}: {file} ({policy.Compact.Length} characters without white space)");
    }
}
