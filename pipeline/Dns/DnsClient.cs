using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.Pipeline.Dns;

/// <summary>Asks one name server, by UDP, and by TCP where an answer does not fit: RFC 1035, IPv4 addresses alone.</summary>
public sealed class DnsClient(IPEndPoint server, TimeProvider time) : INameResolver
{
    private const int Tries = 3;
    private const int LargestDatagram = 512;
    private const ushort TypeA = 1;
    private const ushort ClassInternet = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public string Asked => $"the name server {server}";

    /// <inheritdoc/>
    public async Task<NameAnswer> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        var trouble = "";
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var question = Question(name);
            using var deadline = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            try
            {
                var answer = await AskAsync(question, either.Token);
                if (IsCut(answer)) answer = await AskByTcpAsync(question, either.Token);
                return Read(answer);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                trouble = "no answer in time";
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                trouble = failure.Message;
            }
        }

        return NameAnswer.None(trouble);
    }

    /// <summary>What an answer says.</summary>
    internal static NameAnswer Read(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < 12) return NameAnswer.None("an answer that is none");
        if ((answer[3] & 0xF) is > 0 and var result) return NameAnswer.None(result switch { 2 => "the name server failed", 3 => "no such name", 5 => "the name server refused", _ => $"result {result}" });
        try
        {
            var addresses = new List<IPAddress>();
            var at = 12;
            for (var i = Word(answer, 4); i > 0; i--) at = AfterName(answer, at) + 4;
            for (var i = Word(answer, 6); i > 0; i--)
            {
                at = AfterName(answer, at);
                var length = Word(answer, at + 8);
                if (Word(answer, at) == TypeA && length == 4) addresses.Add(new IPAddress(answer.Slice(at + 10, 4)));
                at += 10 + length;
            }

            return addresses.Count > 0 ? new NameAnswer(addresses, null) : NameAnswer.None("no address");
        }
        catch (Exception failure) when (failure is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return NameAnswer.None("an answer that is cut off");
        }
    }

    private async Task<byte[]> AskAsync(byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(question, cancellationToken);
        var buffer = new byte[LargestDatagram];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken);

            // Another's, or one that came too late: not an answer to this.
            if (length >= 12 && buffer.AsSpan(0, 2).SequenceEqual(question.AsSpan(0, 2))) return buffer[..length];
        }
    }

    private async Task<byte[]> AskByTcpAsync(byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)question.Length);
        await stream.WriteAsync((byte[])[.. length, .. question], cancellationToken);
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }

    // One question, with recursion: a resolver follows where it has to.
    private static byte[] Question(string name)
    {
        var labels = name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length));
        return [.. RandomNumberGenerator.GetBytes(2), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, 0, (byte)TypeA, 0, (byte)ClassInternet];
    }

    private static bool IsCut(byte[] answer) => (answer[2] & 2) != 0;

    private static int AfterName(ReadOnlySpan<byte> message, int at)
    {
        while (message[at] is > 0 and < 0xC0) at += message[at] + 1;
        return at + (message[at] == 0 ? 1 : 2);
    }

    private static ushort Word(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
