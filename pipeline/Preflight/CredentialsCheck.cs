using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the credentials last for a deployment.</summary>
public sealed class CredentialsCheck(AwsConnection connection, IClients clients, DeploymentEstimate estimate, TimeProvider time) : IPreflightCheck
{
    /// <inheritdoc/>
    public string About => "credentials";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var credentials = connection.Target.Credentials ?? await Task.Run(() => DefaultAWSCredentialsIdentityResolver.GetCredentials(clients.Sts.Config), cancellationToken);
        var immutable = await credentials.GetCredentialsAsync();
        if (string.IsNullOrEmpty(immutable.Token)) return CheckResult.Of("credentials: long-lived");
        if (credentials is RefreshingAWSCredentials) return CheckResult.Of("credentials: a session that is refreshed while it is used");
        return SessionEnd() is { } end
            ? Judge(end, time.GetUtcNow(), await estimate.DurationAsync(cancellationToken))
            : new CheckResult(null, [], ["credentials: a session whose end is not known; if it ends within the deployment, the next run goes on from there. AWS_CREDENTIAL_EXPIRATION tells it."]);
    }

    /// <summary>Whether a session that nobody renews lasts as long as it is needed.</summary>
    internal static CheckResult Judge(DateTimeOffset end, DateTimeOffset now, TimeSpan needed)
    {
        var left = end - now;
        return CheckResult.Of(
            $"credentials: a session that lasts for {left.TotalMinutes:0} min",
            left >= needed ? [] : [new Problem(
                $"The credentials end in {Math.Max(0, left.TotalMinutes):0} min, at {end:u}; a deployment like this takes about {needed.TotalMinutes:0} min.",
                "Get a longer session (aws sso login), or credentials that are renewed: aws.roleArn, a profile, or AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN.")]);
    }

    // What tools that hand out sessions in the environment set beside them.
    private static DateTimeOffset? SessionEnd() =>
        DateTimeOffset.TryParse(Environment.GetEnvironmentVariable("AWS_CREDENTIAL_EXPIRATION"), System.Globalization.CultureInfo.InvariantCulture, out var end) ? end : null;
}
