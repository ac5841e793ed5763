using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>One client of a configuration endpoint: looks for the lines that are for the endpoint, passes the rest on.</summary>
internal sealed class ConfigurationSession(NetworkStream client, Func<ClusterConfiguration> configuration) : IAsyncDisposable
{
    private const int MaxLineBytes = 64 * 1024;
    private const byte BinaryMagic = 0x80;

    private readonly PipeReader input = PipeReader.Create(client, new StreamPipeReaderOptions(leaveOpen: true));
    private readonly SemaphoreSlim writing = new(1);
    private readonly CancellationTokenSource ending = new();
    private TcpClient? node;
    private Task down = Task.CompletedTask;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        while (await NextAsync(either.Token))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        node?.Dispose();
        await down;
        await input.CompleteAsync();
        writing.Dispose();
        ending.Dispose();
    }

    /// <summary>Handles one command with its data; false at the end.</summary>
    private async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        var read = await input.ReadAtLeastAsync(1, cancellationToken);
        if (read.Buffer.IsEmpty) return await EndAsync(cancellationToken);
        if (read.Buffer.FirstSpan[0] == BinaryMagic)
        {
            // The binary protocol has no such command: all of it is for the node.
            input.AdvanceTo(read.Buffer.Start);
            return await PassAsync(long.MaxValue, cancellationToken);
        }

        while (read.Buffer.PositionOf((byte)'\n') is null && read.Buffer.Length < MaxLineBytes && !read.IsCompleted)
        {
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await input.ReadAsync(cancellationToken);
        }

        var length = read.Buffer.PositionOf((byte)'\n') is { } end ? read.Buffer.Slice(0, end).Length + 1 : read.Buffer.Length;
        var line = Encoding.Latin1.GetString(read.Buffer.Slice(0, Math.Min(length, MaxLineBytes))).TrimEnd('\r', '\n');
        if (Answer(line) is { } answer)
        {
            input.AdvanceTo(read.Buffer.GetPosition(length));
            await WriteAsync(Encoding.Latin1.GetBytes(answer), cancellationToken);
            return true;
        }

        input.AdvanceTo(read.Buffer.Start);
        if (line == "quit") return await EndAsync(cancellationToken);
        return await PassAsync(length + DataBytes(line), cancellationToken);
    }

    /// <summary>The client says no more: what the node still has to say is passed on.</summary>
    private async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        node?.Client.Shutdown(SocketShutdown.Send);
        await down.WaitAsync(cancellationToken);
        return false;
    }

    private string? Answer(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["config", "get", "cluster"]:
                var text = configuration().Text;
                return $"CONFIG cluster 0 {text.Length}\r\n{text}\r\nEND\r\n";
            case ["get", "AmazonElastiCache:cluster"]:
                // How clients of older engines ask.
                var value = configuration().Text;
                return $"VALUE AmazonElastiCache:cluster 0 {value.Length}\r\n{value}\r\nEND\r\n";
            case ["config", ..]:
                return "ERROR\r\n";
            default:
                return null;
        }
    }

    /// <summary>How many bytes of data follow a command's line.</summary>
    private static long DataBytes(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var length = words switch
        {
            ["set" or "add" or "replace" or "append" or "prepend" or "cas", _, _, _, var bytes, ..] => bytes,
            ["ms", _, var bytes, ..] => bytes,
            _ => null,
        };
        return long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var data) ? data + 2 : 0;
    }

    private async Task<bool> PassAsync(long bytes, CancellationToken cancellationToken)
    {
        if (await NodeAsync(cancellationToken) is not { } stream)
        {
            await WriteAsync("SERVER_ERROR no cache node is available\r\n"u8.ToArray(), cancellationToken);
            return false;
        }

        while (bytes > 0)
        {
            var read = await input.ReadAsync(cancellationToken);
            if (read.Buffer.IsEmpty && read.IsCompleted) return false;
            var part = read.Buffer.Slice(0, Math.Min(bytes, read.Buffer.Length));
            foreach (var segment in part) await stream.WriteAsync(segment, cancellationToken);
            bytes -= part.Length;
            input.AdvanceTo(part.End);
        }

        return true;
    }

    /// <summary>The connection to the first node that accepts one.</summary>
    private async Task<NetworkStream?> NodeAsync(CancellationToken cancellationToken)
    {
        if (node is not null) return node.GetStream();
        foreach (var address in configuration().Nodes)
        {
            var candidate = new TcpClient { NoDelay = true };
            try
            {
                await candidate.ConnectAsync(address, cancellationToken);
                node = candidate;
                down = DownAsync(candidate.GetStream());
                return candidate.GetStream();
            }
            catch (SocketException)
            {
                candidate.Dispose();
            }
        }

        return null;
    }

    private async Task DownAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, ending.Token) is > 0 and var count) await WriteAsync(buffer.AsMemory(0, count), ending.Token);
            await ending.CancelAsync();
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One side closed the connection.
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await client.WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }
}
