using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>Asks each cache node what it holds, and what it had to throw out since the last time.</summary>
internal sealed class CacheMetrics(ElastiCacheService caches) : IMetricSource
{
    private const string Space = "AWS/ElastiCache";
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> evicted = new(StringComparer.Ordinal);

    public async Task MeasureAsync(IMetricSink sink, CancellationToken cancellationToken)
    {
        foreach (var (cluster, node, address, port) in caches.ServingNodes)
        {
            if (await StatsAsync(new IPEndPoint(address, port), cancellationToken) is not { } stats) continue;
            Add("CurrItems", "Count", stats.GetValueOrDefault("curr_items"));
            Add("CurrConnections", "Count", stats.GetValueOrDefault("curr_connections"));
            Add("BytesUsedForCacheItems", "Bytes", stats.GetValueOrDefault("bytes"));

            // The node counts from its start.
            var (key, total) = ($"{cluster}/{node}", stats.GetValueOrDefault("evictions"));
            var before = evicted.GetValueOrDefault(key);
            evicted[key] = total;
            Add("Evictions", "Count", total < before ? total : total - before);

            void Add(string name, string unit, double value)
            {
                sink.Series(Space, name, unit, ("CacheClusterId", cluster)).Add(value);
                sink.Series(Space, name, unit, ("CacheClusterId", cluster), ("CacheNodeId", node)).Add(value);
            }
        }
    }

    /// <returns>The numbers of <c>stats</c>; null if the node does not answer.</returns>
    private static async Task<Dictionary<string, long>?> StatsAsync(IPEndPoint node, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(node.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(node, deadline.Token);
            await socket.SendAsync("stats\r\n"u8.ToArray(), deadline.Token);
            var text = new StringBuilder();
            var buffer = new byte[8192];
            while (!text.ToString().EndsWith("END\r\n", StringComparison.Ordinal) && text.Length < LargestAnswer)
            {
                var count = await socket.ReceiveAsync(buffer, deadline.Token);
                if (count == 0) return null;
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }

            return Parse(text.ToString());
        }
        catch (Exception gone) when (gone is SocketException || (gone is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static Dictionary<string, long> Parse(string answer)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var words in answer.Split("\r\n").Select(line => line.Split(' ')))
        {
            if (words is ["STAT", var name, var value] && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) numbers[name] = number;
        }

        return numbers;
    }
}
