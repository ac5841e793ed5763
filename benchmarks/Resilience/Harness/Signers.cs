using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.SyncClient;

namespace SyncStorage.Resilience.Harness;

/// <summary>What a token server knows: which secret of each virtual hostname signs now. It goes by the configuration and the lists of secrets, as the contract says.</summary>
internal sealed class Signers(Cluster cluster) : IDisposable
{
    private readonly AmazonS3Client s3 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));
    private readonly AmazonSimpleSystemsManagementClient ssm = new(cluster.Connection().Credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));

    /// <summary>The secret of each hostname that signs; a hostname whose list does not have the one that shall is left out: it changes at this moment.</summary>
    public async Task<IReadOnlyDictionary<string, DatedSecret>> ReadAsync(IEnumerable<string> hostnames)
    {
        // The lists first: a document that was read before them could be from before they had a new secret, and not say which one signs.
        var names = hostnames.ToDictionary(hostname => $"/sync2/secrets/{hostname}");
        var lists = (await ssm.GetParametersAsync(new GetParametersRequest { Names = [.. names.Keys], WithDecryption = true })).Parameters;
        var pointer = await ReadAsync("config/current.json");
        var document = await ReadAsync((string)pointer["key"]!);
        var signWith = document["nodes"]!.AsArray().SelectMany(node => node!["hosts"]!.AsArray()).ToDictionary(host => (string)host!["hostname"]!, host => (string?)host!["signWith"]);
        var signers = new Dictionary<string, DatedSecret>(StringComparer.Ordinal);
        foreach (var list in lists)
        {
            var entries = NodeSecrets.ParseEntries(list.Value);
            var hostname = names[list.Name];
            if ((signWith[hostname] is { } timestamp ? entries.FirstOrDefault(entry => entry.Timestamp == timestamp) : entries[0]) is { } signer) signers[hostname] = signer;
        }

        return signers;
    }

    public void Dispose()
    {
        s3.Dispose();
        ssm.Dispose();
    }

    private async Task<JsonNode> ReadAsync(string key)
    {
        using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Cluster.Bucket, Key = key });
        return (await JsonNode.ParseAsync(response.ResponseStream))!;
    }
}
