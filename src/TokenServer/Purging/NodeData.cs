using System.Net;
using SyncStorage.SyncClient;

namespace SyncStorage.TokenServer.Purging;

/// <summary>Users' data on the nodes, deleted as the user itself would: with a token for it, signed with the node's secret.</summary>
internal sealed class NodeData(IReadOnlyDictionary<string, TokenSecret> signers, TimeProvider time) : INodeData
{
    private const int LongestBody = 100;

    public async Task<string?> DeleteAsync(string node, long uid, CancellationToken cancellationToken)
    {
        if (!signers.TryGetValue(node, out var secret)) return $"{node}: the configuration has no secret of it";
        using var client = new SyncStorageClient(new SyncStorageClientOptions { Origin = new Uri(node), Secret = secret, Uid = uid }, time);
        try
        {
            var response = await client.DeleteAsync("", cancellationToken);
            return response.Status is HttpStatusCode.OK or HttpStatusCode.NotFound ? null
                : $"{node} answers {(int)response.Status}: {(response.Body.Length <= LongestBody ? response.Body : response.Body[..LongestBody])}";
        }
        catch (HttpRequestException exception)
        {
            return $"{node}: {exception.Message}";
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{node} gives no answer in time";
        }
    }
}
