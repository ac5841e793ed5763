using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Configuration;

/// <summary>Documents from the cluster's bucket, secrets from SSM. Clients are made when first needed: they cost the start 100 ms.</summary>
/// <param name="settings">Which bucket.</param>
/// <param name="pointerKey">The pointer's key in it.</param>
/// <param name="type">How a document is read.</param>
/// <param name="time">The clock.</param>
internal abstract class AwsDocuments<TDocument>(InstanceSettings settings, string pointerKey, JsonTypeInfo<TDocument> type, TimeProvider time)
    : IDocuments<TDocument>, IDisposable
    where TDocument : class
{
    private const int NamesPerCall = 10;
    private const int Attempts = 5;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private readonly Lazy<AmazonS3Client> s3 = new(() => MakeS3(settings));
    private readonly Lazy<AmazonSimpleSystemsManagementClient> ssm = new(() => MakeSsm(settings));

    public async Task<ConfigurationPointer?> ReadPointerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(pointerKey, PointerJson.Default.ConfigurationPointer, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<TDocument> ReadDocumentAsync(ConfigurationPointer pointer, CancellationToken cancellationToken) =>
        ReadAsync(pointer.Key, type, cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> ReadSecretsAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var chunk in names.Distinct(StringComparer.Ordinal).Chunk(NamesPerCall))
        {
            var request = new GetParametersRequest { Names = [.. chunk], WithDecryption = true };
            var response = await RetryAsync(token => ssm.Value.GetParametersAsync(request, token), cancellationToken);
            if (response.InvalidParameters is { Count: > 0 } missing)
                throw new ConfigurationException($"There is no parameter {string.Join(", ", missing)}.");
            foreach (var parameter in response.Parameters ?? []) values[parameter.Name] = parameter.Value;
        }

        return values;
    }

    public void Dispose()
    {
        if (s3.IsValueCreated) s3.Value.Dispose();
        if (ssm.IsValueCreated) ssm.Value.Dispose();
    }

    private async Task<T> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = settings.Bucket, Key = key };
        using var response = await s3.Value.GetObjectAsync(request, cancellationToken);
        try
        {
            return await JsonSerializer.DeserializeAsync(response.ResponseStream, type, cancellationToken)
                ?? throw new ConfigurationException($"{key} holds nothing.");
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException($"{key} can't be read: {exception.Message}", exception);
        }
    }

    // All instances look at about the same time, and SSM allows 40 reads a second: beyond the SDK's own retries, jitter spreads them.
    private async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (AmazonServiceException exception) when (attempt < Attempts && IsTransient(exception))
            {
                var longest = FirstBackoff * Math.Pow(2, attempt);
                await Task.Delay(longest * (0.5 + Random.Shared.NextDouble() / 2), time, cancellationToken);
            }
        }
    }

    private static bool IsTransient(AmazonServiceException exception) =>
        exception.ErrorCode is "ThrottlingException" or "Throttling" or "RequestLimitExceeded" || (int)exception.StatusCode >= 500;

    private static AmazonS3Client MakeS3(InstanceSettings settings) =>
        new(Configure(new AmazonS3Config { ForcePathStyle = settings.EndpointUrl is not null }, settings));

    private static AmazonSimpleSystemsManagementClient MakeSsm(InstanceSettings settings) =>
        new(Configure(new AmazonSimpleSystemsManagementConfig(), settings));

    private static T Configure<T>(T config, InstanceSettings settings)
        where T : ClientConfig
    {
        config.AuthenticationRegion = settings.Region;
        config.Timeout = TimeSpan.FromSeconds(10);
        if (settings.EndpointUrl is { } endpoint) config.ServiceURL = endpoint.ToString();
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        return config;
    }
}
