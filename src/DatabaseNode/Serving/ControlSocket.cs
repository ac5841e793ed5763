using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.DatabaseNode.Engine;

namespace SyncStorage.DatabaseNode.Serving;

/// <summary>
/// Where the service takes commands of its own machine: one line with a word, answered by one line of JSON. Its name is no file's (those of files are
/// limited to 108 bytes), so that anybody may knock: who may enter shows the token that lies in the run directory, the service's alone.
/// </summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private const int LongestRequest = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource closing = new();
    private readonly string token = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly Func<string, CancellationToken, Task<JsonObject>> answer;
    private readonly TimeProvider time;
    private readonly Task accepting;

    private ControlSocket(string runDirectory, Func<string, CancellationToken, Task<JsonObject>> answer, TimeProvider time)
    {
        this.answer = answer;
        this.time = time;
        DataVolume.CreatePrivate(runDirectory);
        listener.Bind(EndPoint(runDirectory));
        listener.Listen();
        File.WriteAllText(TokenFile(runDirectory), token);
        accepting = AcceptAsync();
    }

    /// <summary>Opens it.</summary>
    /// <param name="runDirectory">What it belongs to.</param>
    /// <param name="answer">What a command gives.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SocketException">Another service has it.</exception>
    public static ControlSocket Open(string runDirectory, Func<string, CancellationToken, Task<JsonObject>> answer, TimeProvider time) => new(runDirectory, answer, time);

    /// <summary>Sends a command to the service of a run directory.</summary>
    /// <exception cref="SocketException">There is no service.</exception>
    /// <exception cref="IOException">It ended while it was asked, or there never was one.</exception>
    public static async Task<JsonObject> SendAsync(string runDirectory, string command, CancellationToken cancellationToken)
    {
        var token = await File.ReadAllTextAsync(TokenFile(runDirectory), cancellationToken);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(EndPoint(runDirectory), cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{token} {command}\n"), cancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(cancellationToken) is { } line ? JsonNode.Parse(line)!.AsObject() : throw new IOException("The dbnode's service ended while it was asked.");
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting;
        closing.Dispose();
    }

    private static string TokenFile(string runDirectory) => Path.Combine(runDirectory, "token");

    private static UnixDomainSocketEndPoint EndPoint(string runDirectory) =>
        new("\0dbnode-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runDirectory)))[..32]);

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await listener.AcceptAsync(closing.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var patience = new CancellationTokenSource(Patience, time);
            if (await ReadAsync(stream, patience.Token) is not { } command) return;
            var reply = await answer(command, closing.Token);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.ToJsonString() + "\n"), closing.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever asked is gone, or this service is.
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestRequest];
        for (var length = 0; length < buffer.Length;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return null;
            length += read;
            if (buffer[length - 1] != '\n') continue;
            var words = Encoding.UTF8.GetString(buffer, 0, length - 1).Split(' ', 2);
            return words is [var shown, var command] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(token)) ? command : null;
        }

        return null;
    }
}
