using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Removes the secrets, and the bucket with all it holds.</summary>
public sealed class StateRemoval(IClients clients, ClusterNames names, ClusterBucket bucket, DeploymentLock deployLock, IProgress progress)
{
    private const int NamesPerCall = 10;

    /// <summary>Removes what there is.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var parameters = await ParametersAsync(cancellationToken);
        foreach (var chunk in parameters.Chunk(NamesPerCall))
            await clients.Ssm.DeleteParametersAsync(new DeleteParametersRequest { Names = [.. chunk] }, cancellationToken);
        if (parameters.Count > 0) progress.Changed($"{parameters.Count} secrets deleted");

        if (await AwsErrors.UnlessMissingAsync(() => bucket.ListAsync("", cancellationToken)!) is not { } keys) return;
        List<string> others = [.. keys.Where(key => key != BucketLockStore.Key)];
        if (others.Count > 0) await bucket.DeleteAsync(others, cancellationToken);

        // The lock goes last, and with it the right to do anything more.
        await deployLock.AbandonAsync(cancellationToken);
        await bucket.DeleteAsync([BucketLockStore.Key], cancellationToken);
        try
        {
            await AwsErrors.IfThereAsync(() => clients.S3.DeleteBucketAsync(new DeleteBucketRequest { BucketName = bucket.Name }, cancellationToken));
            progress.Changed($"bucket {bucket.Name} deleted with {keys.Count} objects");
        }
        catch (AmazonS3Exception exception) when (exception.IsInUse())
        {
            // Whoever put something into it since then found the lock free, and needs the bucket.
            progress.Notice($"bucket {bucket.Name} is in use again: another deployment has begun");
        }
    }

    private async Task<List<string>> ParametersAsync(CancellationToken cancellationToken)
    {
        var request = new GetParametersByPathRequest { Path = $"/{names.Cluster}", Recursive = true, WithDecryption = false };
        var found = new List<string>();
        do
        {
            var page = await clients.Ssm.GetParametersByPathAsync(request, cancellationToken);
            found.AddRange((page.Parameters ?? []).Select(parameter => parameter.Name));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }
}
