using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Tests.Route53;

/// <summary>One question to the name server of a LocalCloud, and its answer.</summary>
/// <param name="Result">0: answered, 3: no such name, 5: refused.</param>
/// <param name="IsCut">Whether the rest comes by TCP only.</param>
/// <param name="Answers">How many records there are.</param>
/// <param name="Addresses">The IPv4 addresses among them.</param>
internal sealed record Lookup(int Result, bool IsCut, int Answers, string[] Addresses)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static string NameServerOf(LocalCloudFixture cloud) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(cloud.StateDirectory, "endpoint.json")))!["nameServer"]!;

    public static async Task<Lookup> AskAsync(LocalCloudFixture cloud, string name, ushort type, bool byTcp)
    {
        byte[] labels = [.. name.Split('.').SelectMany(label => label.Select(letter => (byte)letter).Prepend((byte)label.Length)), 0];
        byte[] question = [7, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, (byte)type, 0, 1];
        var answer = byTcp ? await ByTcpAsync(cloud, question) : await SendAsync(cloud, question);
        Assert.That(answer, Is.Not.Null.And.Length.GreaterThanOrEqualTo(question.Length), $"an answer about {name}");
        Assert.That(answer![..2].Concat(answer[12..question.Length]), Is.EqualTo(question[..2].Concat(question[12..])), "id and question come back as they were");
        return Read(answer, question.Length);
    }

    /// <summary>Sends whatever it is; null if nothing comes back.</summary>
    public static async Task<byte[]?> SendAsync(LocalCloudFixture cloud, byte[] message)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPEndPoint.Parse(NameServerOf(cloud)));
        await socket.SendAsync(message);
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return buffer[..await socket.ReceiveAsync(buffer, patience.Token)];
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ByTcpAsync(LocalCloudFixture cloud, byte[] question)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(NameServerOf(cloud)));
        await client.GetStream().WriteAsync((byte[])[0, (byte)question.Length, .. question]);
        var length = new byte[2];
        await client.GetStream().ReadExactlyAsync(length);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await client.GetStream().ReadExactlyAsync(answer);
        return answer;
    }

    private static Lookup Read(byte[] answer, int at)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6));
        var addresses = new List<string>();
        for (var i = 0; i < count; i++)
        {
            while (answer[at] != 0) at += answer[at] + 1;
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 1)), BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 9)));
            if (type == 1) addresses.Add($"{new IPAddress(answer.AsSpan(at + 11, length))}");
            at += 11 + length;
        }

        return new Lookup(answer[3] & 0xF, (answer[2] & 2) != 0, count, [.. addresses]);
    }
}
