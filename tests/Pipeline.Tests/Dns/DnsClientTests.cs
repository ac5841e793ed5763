using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SyncStorage.Pipeline.Dns;

namespace SyncStorage.Pipeline.Tests.Dns;

/// <summary>The client against a name server of the test's own, on loopback.</summary>
public sealed class DnsClientTests
{
    [Test]
    public async Task ResolveAsync_AnswerThroughAnAlias_GivesTheAddresses()
    {
        using var server = new NameServer((question, _) => Answer(question, 0, [Cname("b.test"), A("192.0.2.1"), A("192.0.2.2")]));

        var answer = await server.Client.ResolveAsync("a.test", CancellationToken.None);

        Assert.That(answer.Addresses.Select(address => $"{address}"), Is.EqualTo(new[] { "192.0.2.1", "192.0.2.2" }));
        Assert.That(server.Asked[0][12..20], Is.EqualTo(new byte[] { 1, (byte)'a', 4, (byte)'t', (byte)'e', (byte)'s', (byte)'t', 0 }));
    }

    [TestCase(3, "no such name")]
    [TestCase(5, "the name server refused")]
    [TestCase(2, "the name server failed")]
    [TestCase(0, "no address")]
    public async Task ResolveAsync_NoAddress_SaysWhy(int result, string trouble)
    {
        using var server = new NameServer((question, _) => Answer(question, result, []));

        Assert.That((await server.Client.ResolveAsync("a.test", CancellationToken.None)).Trouble, Is.EqualTo(trouble));
    }

    [Test]
    public async Task ResolveAsync_AnswerIsCut_ComesByTcp()
    {
        using var server = new NameServer((question, byTcp) => byTcp ? Answer(question, 0, [A("192.0.2.1")]) : Answer(question, 0, [], isCut: true));

        var answer = await server.Client.ResolveAsync("a.test", CancellationToken.None);

        Assert.That(answer.Addresses.Select(address => $"{address}"), Is.EqualTo(new[] { "192.0.2.1" }));
    }

    [Test]
    public async Task ResolveAsync_AnswerToAnotherQuestionComesFirst_IsPassedOver()
    {
        using var server = new NameServer((question, _) => Answer(question, 0, [A("192.0.2.1")]), before: question =>
        {
            var other = Answer(question, 0, [A("203.0.113.9")]);
            other[0] ^= 0xFF;
            return other;
        });

        var answer = await server.Client.ResolveAsync("a.test", CancellationToken.None);

        Assert.That(answer.Addresses.Select(address => $"{address}"), Is.EqualTo(new[] { "192.0.2.1" }));
    }

    [Test]
    public async Task ResolveAsync_NobodyThere_SaysSo()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)socket.LocalEndPoint!;
        socket.Close();

        var answer = await new DnsClient(address, TimeProvider.System).ResolveAsync("a.test", CancellationToken.None);

        Assert.That((answer.Addresses.Count, answer.Trouble), Is.EqualTo((0, "Connection refused")));
    }

    [Test]
    public void Read_OfWhatIsCutAnywhere_IsNoAddressAndNoException()
    {
        var whole = Answer([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 1, 0, 1], 0, [Cname("b.test"), A("192.0.2.1")]);

        for (var length = 0; length < whole.Length; length++) Assert.That(DnsClient.Read(whole.AsSpan(0, length)).Addresses, Is.Empty, $"{length} of {whole.Length} bytes");
        Assert.That(DnsClient.Read(whole).Addresses, Has.Count.EqualTo(1));
    }

    private static byte[] Answer(byte[] question, int result, byte[][] records, bool isCut = false)
    {
        byte[] answer = [.. question, .. records.SelectMany(record => record)];
        answer[2] = (byte)(0x84 | (isCut ? 2 : 0));
        answer[3] = (byte)result;
        answer[7] = (byte)records.Length;
        return answer;
    }

    // Names by a pointer to the question's, as servers write them.
    private static byte[] A(string address) => [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. IPAddress.Parse(address).GetAddressBytes()];

    private static byte[] Cname(string target)
    {
        byte[] name = [.. target.Split('.').SelectMany(label => label.Select(letter => (byte)letter).Prepend((byte)label.Length)), 0];
        return [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, (byte)name.Length, .. name];
    }

    private sealed class NameServer : IDisposable
    {
        private readonly Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Func<byte[], bool, byte[]> answer;
        private readonly Func<byte[], byte[]>? before;

        public NameServer(Func<byte[], bool, byte[]> answer, Func<byte[], byte[]>? before = null)
        {
            (this.answer, this.before) = (answer, before);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            tcp.Listen();
            udp.Bind(tcp.LocalEndPoint!);
            _ = ByUdpAsync();
            _ = ByTcpAsync();
        }

        public DnsClient Client => new((IPEndPoint)udp.LocalEndPoint!, TimeProvider.System);

        public List<byte[]> Asked { get; } = [];

        public void Dispose()
        {
            udp.Dispose();
            tcp.Dispose();
        }

        private async Task ByUdpAsync()
        {
            var buffer = new byte[512];
            while (true)
            {
                var received = await udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                Asked.Add(buffer[..received.ReceivedBytes]);
                if (before is not null) await udp.SendToAsync(before(Asked[^1]), received.RemoteEndPoint);
                await udp.SendToAsync(answer(Asked[^1], false), received.RemoteEndPoint);
            }
        }

        private async Task ByTcpAsync()
        {
            using var client = await tcp.AcceptAsync();
            await using var stream = new NetworkStream(client);
            var length = new byte[2];
            await stream.ReadExactlyAsync(length);
            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(question);
            var reply = answer(question, true);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)reply.Length);
            await stream.WriteAsync((byte[])[.. length, .. reply]);
        }
    }
}
