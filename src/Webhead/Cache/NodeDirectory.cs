using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SyncStorage.Webhead.Cache;

/// <summary>A node of a cluster: the name that its keys follow, and where it is now.</summary>
internal sealed record ClusterNode(string Name, CacheAddress Address);

/// <summary>Asks a configuration endpoint for the nodes of its cluster (<c>config get cluster</c>).</summary>
internal static class NodeDirectory
{
    private const int LongestAnswer = 64 * 1024;

    /// <summary>The nodes, in the order of their names. A plain memcached, which is no configuration endpoint, is its own only node.</summary>
    /// <exception cref="CacheUnavailableException">There was no answer, or none that names a node.</exception>
    public static async Task<IReadOnlyList<ClusterNode>> AskAsync(CacheAddress endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync("config get cluster\r\n"u8.ToArray(), cancellationToken);
            var nodes = await ReadAsync(stream, cancellationToken) is { } answer
                ? ParseNodes(answer)
                : [new ClusterNode(endpoint.ToString(), endpoint)];
            return nodes.Count > 0 ? nodes : throw new CacheUnavailableException($"memcached {endpoint} knows no node");
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException or FormatException or OverflowException)
        {
            throw new CacheUnavailableException($"memcached {endpoint}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads <c>version\nhost|address|port host|address|port\n</c>; the address may be missing.</summary>
    internal static IReadOnlyList<ClusterNode> ParseNodes(string answer)
    {
        var lines = answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2) return [];
        return
        [
            .. lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(node => node.Split('|'))
                .Where(parts => parts.Length == 3)
                .Select(parts => new ClusterNode(
                    $"{parts[0]}:{parts[2]}",
                    new CacheAddress(parts[1].Length > 0 ? parts[1] : parts[0], int.Parse(parts[2], CultureInfo.InvariantCulture))))
                .OrderBy(node => node.Name, StringComparer.Ordinal),
        ];
    }

    private static async Task<string?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (text.Length < LongestAnswer)
        {
            var count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0) throw new EndOfStreamException("the connection was closed");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            var answer = text.ToString();
            if (answer.StartsWith("ERROR", StringComparison.Ordinal) || answer.StartsWith("CLIENT_ERROR", StringComparison.Ordinal)) return null;
            if (!answer.EndsWith("END\r\n", StringComparison.Ordinal)) continue;
            var start = answer.IndexOf("\r\n", StringComparison.Ordinal) + 2;
            return answer.StartsWith("CONFIG cluster ", StringComparison.Ordinal)
                ? answer[start..]
                : throw new InvalidDataException("the answer is no configuration");
        }

        throw new InvalidDataException("the answer does not end");
    }
}
