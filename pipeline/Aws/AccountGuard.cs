using Amazon.SecurityToken.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Aws;

/// <summary>Makes sure, before anything else, that the credentials belong to the account that the settings name.</summary>
/// <param name="connection">Opened here.</param>
/// <param name="clients">Asked who we are.</param>
/// <param name="progress">Told what was found.</param>
public sealed class AccountGuard(AwsConnection connection, IClients clients, IProgress progress)
{
    /// <summary>Opens the connection, and compares the account; once a run.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.WrongAccount"/>, or what kept AWS or LocalCloud from answering.</exception>
    public async Task<AwsTarget> CheckAsync(CancellationToken cancellationToken)
    {
        if (checkedTarget is { } done)
            return done;
        var target = await connection.OpenAsync(cancellationToken);
        var identity = await clients.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
        if (identity.Account != target.AccountId)
        {
            throw new PipelineException(
                ErrorCode.WrongAccount,
                $"The credentials belong to account {identity.Account} ({identity.Arn}); the settings name {target.AccountId}.",
                hint: "Choose other credentials (AWS_PROFILE or aws.profile), or another --environment.");
        }

        progress.Found($"account {identity.Account} in {target.Region} as {identity.Arn}");
        return checkedTarget = target;
    }

    private AwsTarget? checkedTarget;
}
