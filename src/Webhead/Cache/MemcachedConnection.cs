using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SyncStorage.Webhead.Cache;

/// <summary>A value with the number that changes whenever it does.</summary>
internal sealed record CacheEntry(byte[] Value, ulong Unique);

/// <summary>One connection to one memcached, in its text protocol. Not safe for concurrent use; broken once a call has thrown.</summary>
internal sealed class MemcachedConnection : IDisposable
{
    private const int LongestLine = 2048;
    private const int LargestValue = 64 * 1024 * 1024;
    private static readonly byte[] NewLine = "\r\n"u8.ToArray();

    private readonly Socket socket;
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    private MemcachedConnection(Socket socket) => this.socket = socket;

    public static async Task<MemcachedConnection> ConnectAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            return new MemcachedConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The value of a key, or null.</summary>
    public async Task<CacheEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await SendAsync($"gets {key}\r\n", cancellationToken);
        var line = await ReadLineAsync(cancellationToken);
        if (line == "END") return null;

        if (line.Split(' ') is not ["VALUE", _, _, var length, var unique]) throw Unexpected(line);
        var value = await ReadBlockAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        await ExpectAsync("END", cancellationToken);
        return new CacheEntry(value, ulong.Parse(unique, CultureInfo.InvariantCulture));
    }

    /// <summary>Stores a value if the key has none; false if it has.</summary>
    public Task<bool> AddAsync(string key, byte[] value, TimeSpan expiry, CancellationToken cancellationToken) =>
        StoreAsync(string.Create(CultureInfo.InvariantCulture, $"add {key} 0 {Seconds(expiry)} {value.Length}\r\n"), value, cancellationToken);

    /// <summary>Replaces a value that is still the one seen; false if it changed or is gone.</summary>
    public Task<bool> ReplaceAsync(string key, byte[] value, ulong seen, TimeSpan expiry, CancellationToken cancellationToken) =>
        StoreAsync(string.Create(CultureInfo.InvariantCulture, $"cas {key} 0 {Seconds(expiry)} {value.Length} {seen}\r\n"), value, cancellationToken);

    /// <summary>Deletes a key, whether it is there or not.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await SendAsync($"delete {key}\r\n", cancellationToken);
        var line = await ReadLineAsync(cancellationToken);
        if (line is not ("DELETED" or "NOT_FOUND")) throw Unexpected(line);
    }

    /// <summary>Asks for the version, to see that somebody is there.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await SendAsync("version\r\n", cancellationToken);
        var line = await ReadLineAsync(cancellationToken);
        if (!line.StartsWith("VERSION ", StringComparison.Ordinal)) throw Unexpected(line);
    }

    /// <summary>The node list of a configuration endpoint (<c>config get cluster</c>); null from a memcached that is none.</summary>
    public async Task<string?> GetClusterAsync(CancellationToken cancellationToken)
    {
        await SendAsync("config get cluster\r\n", cancellationToken);
        var line = await ReadLineAsync(cancellationToken);
        if (line == "ERROR" || line.StartsWith("CLIENT_ERROR", StringComparison.Ordinal)) return null;

        if (line.Split(' ') is not ["CONFIG", "cluster", _, var length]) throw Unexpected(line);
        var value = await ReadBlockAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        await ExpectAsync("END", cancellationToken);
        return Encoding.ASCII.GetString(value);
    }

    public void Dispose() => socket.Dispose();

    private async Task<bool> StoreAsync(string command, byte[] value, CancellationToken cancellationToken)
    {
        await SendAsync([Encoding.ASCII.GetBytes(command), value, NewLine], cancellationToken);
        return await ReadLineAsync(cancellationToken) switch
        {
            "STORED" => true,
            "NOT_STORED" or "EXISTS" or "NOT_FOUND" => false,
            var line => throw Unexpected(line),
        };
    }

    private Task SendAsync(string command, CancellationToken cancellationToken) =>
        SendAsync([Encoding.ASCII.GetBytes(command)], cancellationToken);

    private async Task SendAsync(byte[][] parts, CancellationToken cancellationToken)
    {
        // One buffer, so that a small command is one packet.
        var remaining = new ReadOnlyMemory<byte>(parts is [var only] ? only : [.. parts.SelectMany(part => part)]);
        while (!remaining.IsEmpty) remaining = remaining[await socket.SendAsync(remaining, cancellationToken)..];
    }

    private async Task ExpectAsync(string expected, CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(cancellationToken);
        if (line != expected) throw Unexpected(line);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf(NewLine);
            if (length >= 0)
            {
                var line = Encoding.ASCII.GetString(buffer, start, length);
                start += length + NewLine.Length;
                return line;
            }

            if (end - start > LongestLine) throw new InvalidDataException("memcached answered with an endless line");
            await FillAsync(cancellationToken);
        }
    }

    /// <summary>Reads a data block, and the line end after it.</summary>
    private async Task<byte[]> ReadBlockAsync(int length, CancellationToken cancellationToken)
    {
        if (length is < 0 or > LargestValue) throw new InvalidDataException($"memcached announced {length} bytes");
        var block = new byte[length];
        var read = Math.Min(length, end - start);
        buffer.AsSpan(start, read).CopyTo(block);
        start += read;
        while (read < length) read += await ReceiveAsync(block.AsMemory(read), cancellationToken);
        await ExpectAsync("", cancellationToken);
        return block;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
        end += await ReceiveAsync(buffer.AsMemory(end), cancellationToken);
    }

    private async Task<int> ReceiveAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        var received = await socket.ReceiveAsync(into, cancellationToken);
        return received > 0 ? received : throw new EndOfStreamException("memcached closed the connection");
    }

    // memcached takes up to 30 days as a duration; more would be a date.
    private static long Seconds(TimeSpan expiry) => (long)Math.Clamp(expiry.TotalSeconds, 1, 30 * 86400);

    private static InvalidDataException Unexpected(string line) => new($"memcached answered \"{line[..Math.Min(line.Length, 60)]}\"");
}
