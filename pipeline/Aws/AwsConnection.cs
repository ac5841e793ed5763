using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Aws;

/// <summary>
/// The way to the environment's AWS. Opened once, before the first call: it starts LocalCloud where the environment is
/// local. <see cref="AccountGuard"/> then compares the account.
/// </summary>
/// <param name="environment">The settings.</param>
/// <param name="localCloud">Starts and finds LocalCloud.</param>
public sealed class AwsConnection(CurrentEnvironment environment, ILocalCloud localCloud) : IDisposable
{
    private const string EndpointVariable = "AWS_ENDPOINT_URL";

    private readonly SemaphoreSlim once = new(1, 1);
    private AwsTarget? target;

    /// <summary>Where the clients connect to.</summary>
    /// <exception cref="InvalidOperationException">It is not open: a fault of the program.</exception>
    public AwsTarget Target => target ?? throw new InvalidOperationException($"{nameof(OpenAsync)} comes before the first AWS call.");

    /// <summary>Whether <see cref="OpenAsync"/> has succeeded.</summary>
    public bool IsOpen => target is not null;

    /// <summary>Opens the connection; again, it returns what it has.</summary>
    /// <exception cref="PipelineException">LocalCloud can't start, or the profile is unknown.</exception>
    public async Task<AwsTarget> OpenAsync(CancellationToken cancellationToken)
    {
        await once.WaitAsync(cancellationToken);
        try
        {
            return target ??= environment.Settings.LocalCloud is { } local
                ? Local(await localCloud.EnsureRunningAsync(local, cancellationToken))
                : Remote(environment.Settings.Aws);
        }
        finally
        {
            once.Release();
        }
    }

    /// <summary>Connects to a LocalCloud that runs already, without starting one; for targets that only look.</summary>
    /// <returns>False if none runs.</returns>
    public async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        if (target is null && environment.Settings.LocalCloud is { } local)
        {
            if (await localCloud.FindAsync(local, cancellationToken) is not { } running)
                return false;
            target = Local(running);
        }

        await OpenAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => once.Dispose();

    private AwsTarget Local(LocalCloudEndpoint running)
    {
        var endpoint = environment.Settings.Aws.Endpoint ?? running.Endpoint;
        if (!endpoint.IsLoopback)
            throw new PipelineException(ErrorCode.LocalCloudFailed, $"LocalCloud's endpoint {endpoint} is not on this machine.");
        var store = new CredentialProfileStoreChain(running.CredentialsFile);
        return store.TryGetAWSCredentials("default", out var credentials)
            ? new AwsTarget(endpoint, running.Region, running.AccountId, credentials, IsLocal: true) { NameServer = running.NameServer }
            : throw new PipelineException(ErrorCode.LocalCloudFailed, $"LocalCloud's credentials are missing: {running.CredentialsFile}.", hint: "./build.sh --target=Local-Cloud-Stop");
    }

    private static AwsTarget Remote(AwsSettings settings)
    {
        var aws = settings with { Endpoint = settings.Endpoint ?? EndpointOfTheEnvironment() };
        return new(aws.Endpoint, aws.Region!, aws.AccountId!, aws.RoleArn is null ? Credentials(aws.Profile) : RoleSession.Of(aws, Credentials(aws.Profile), GitHubIdentity.OfThisJob()), IsLocal: false);
    }

    // The SDK's clients would take it by themselves: but an endpoint decides how buckets are addressed and URLs are signed, too.
    private static Uri? EndpointOfTheEnvironment()
    {
        var text = Environment.GetEnvironmentVariable(EndpointVariable);
        if (string.IsNullOrEmpty(text)) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint
            : throw new PipelineException(ErrorCode.BadArgument, $"{EndpointVariable} must be an http or https address, is {text}.", hint: $"Correct it, or unset {EndpointVariable} for AWS's own endpoints.");
    }

    private static AWSCredentials? Credentials(string? profile)
    {
        if (profile is null)
            return null;
        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? credentials
            : throw new PipelineException(ErrorCode.WrongAccount, $"There is no AWS profile \"{profile}\".", hint: "aws configure list-profiles");
    }
}
