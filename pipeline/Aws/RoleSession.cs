using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Aws;

/// <summary>
/// Credentials of a role, assumed anew before they end: a deployment may take longer than a session. In a job of GitHub Actions that may ask for
/// identity tokens the role is assumed with such a token, elsewhere with other credentials.
/// </summary>
public sealed class RoleSession : RefreshingAWSCredentials
{
    /// <summary>What every role allows.</summary>
    private const int SessionSeconds = 3600;

    /// <summary>So long before its end a session is replaced: longer than one attempt of a call.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly Func<Task<Credentials>> assume;

    private RoleSession(Func<Task<Credentials>> assume)
    {
        this.assume = assume;
        PreemptExpiryTime = Early;
    }

    /// <summary>The session of the role that the settings name; assumed when it is first needed.</summary>
    /// <param name="settings">Region, endpoint, role.</param>
    /// <param name="source">Who assumes it, outside of GitHub Actions; null for the SDK's default chain.</param>
    /// <param name="identity">The identity of a job of GitHub Actions; null elsewhere.</param>
    /// <param name="network">Replaces the network, in tests.</param>
    internal static RoleSession Of(AwsSettings settings, AWSCredentials? source, GitHubIdentity? identity, HttpClientFactory? network = null)
    {
        var config = new AmazonSecurityTokenServiceConfig { AuthenticationRegion = settings.Region, RetryMode = RequestRetryMode.Standard };
        if (settings.Endpoint is { } endpoint) config.ServiceURL = endpoint.ToString();
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        if (network is not null) config.HttpClientFactory = network;
        var name = $"syncstorage-deploy-{identity?.Run ?? Environment.UserName}";
        return new RoleSession(identity is not null
            ? () => WithTokenAsync(config, settings.RoleArn!, name, identity)
            : () => WithCredentialsAsync(config, settings.RoleArn!, name, source));
    }

    /// <inheritdoc/>
    protected override CredentialsRefreshState GenerateNewCredentials() => Task.Run(GenerateNewCredentialsAsync).GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var session = await assume();
        return new CredentialsRefreshState(
            new ImmutableCredentials(session.AccessKeyId, session.SecretAccessKey, session.SessionToken),
            session.Expiration?.ToUniversalTime() ?? throw new AmazonClientException("STS gave a session without an end."));
    }

    private static async Task<Credentials> WithTokenAsync(AmazonSecurityTokenServiceConfig config, string role, string name, GitHubIdentity identity)
    {
        using var sts = new AmazonSecurityTokenServiceClient(new AnonymousAWSCredentials(), config);
        var request = new AssumeRoleWithWebIdentityRequest { RoleArn = role, RoleSessionName = name, DurationSeconds = SessionSeconds, WebIdentityToken = await identity.TokenAsync() };
        return (await sts.AssumeRoleWithWebIdentityAsync(request)).Credentials;
    }

    private static async Task<Credentials> WithCredentialsAsync(AmazonSecurityTokenServiceConfig config, string role, string name, AWSCredentials? source)
    {
        using var sts = source is null ? new AmazonSecurityTokenServiceClient(config) : new AmazonSecurityTokenServiceClient(source, config);
        return (await sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = role, RoleSessionName = name, DurationSeconds = SessionSeconds })).Credentials;
    }
}
