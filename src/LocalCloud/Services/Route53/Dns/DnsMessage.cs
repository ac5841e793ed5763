using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Route53.Dns;

/// <summary>Questions and answers as bytes, RFC 1035. Names are written out in full: nothing here is large.</summary>
internal static class DnsMessage
{
    private const int HeaderLength = 12;
    private const int SmallestUdp = 512;
    private const int OwnUdp = 1232;
    private const ushort Internet = 1;

    /// <summary>Reads a question; null if it is none.</summary>
    public static DnsQuery? TryRead(ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        if (bytes.Length < HeaderLength || (bytes[2] & 0x80) != 0 || Word(bytes, 4) != 1) return null;
        var name = new StringBuilder();
        var at = HeaderLength;
        while (true)
        {
            if (at >= bytes.Length || bytes[at] > 63 || at + bytes[at] >= bytes.Length) return null;
            var length = bytes[at++];
            if (length == 0) break;
            name.Append(Encoding.Latin1.GetString(bytes.Slice(at, length))).Append('.');
            at += length;
        }

        if (at + 4 > bytes.Length || Word(bytes, at + 2) != Internet || DomainName.TryNormalize(name.ToString()) is not { } normal) return null;
        var type = (DnsType)Word(bytes, at);
        at += 4;

        // The one additional record that askers send: its class says how much they take.
        var isExtended = Word(bytes, 10) > 0 && at + 11 <= bytes.Length && bytes[at] == 0 && Word(bytes, at + 1) == (ushort)DnsType.OPT;
        return new DnsQuery(
            Word(bytes, 0), (bytes[2] >> 3) & 0xF, (bytes[2] & 1) != 0, normal, type, message[HeaderLength..at],
            isExtended ? Math.Clamp((int)Word(bytes, at + 3), SmallestUdp, OwnUdp) : SmallestUdp, isExtended);
    }

    /// <summary>Writes an answer.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="answer">What is answered.</param>
    /// <param name="largest">How many bytes it may have: with more it is cut, and says so, and the asker comes by TCP.</param>
    public static byte[] Write(DnsQuery query, DnsAnswer answer, int largest)
    {
        var whole = Write(query, answer, isCut: false);
        return whole.Length <= largest ? whole : Write(query, new DnsAnswer(answer.Result, []), isCut: true);
    }

    /// <summary>A record with one value of a record set; null of a type that is not known here.</summary>
    public static DnsRecord? RecordOf(string name, JsonObject set, string value)
    {
        var data = RecordRules.TypeOf(set) switch
        {
            "A" or "AAAA" => IPAddress.Parse(value).GetAddressBytes(),
            "CNAME" or "NS" => NameBytes(DomainName.Normalize(value)),
            "TXT" => [.. RecordRules.TryTexts(value)!.SelectMany(text => Encoding.Latin1.GetBytes(text).Prepend((byte)text.Length))],
            "SOA" => AuthorityBytes(value.Split(' ')),
            _ => null,
        };
        return data is null ? null : new DnsRecord(name, Enum.Parse<DnsType>(RecordRules.TypeOf(set)), set.Number("TTL") ?? 0, data);
    }

    private static byte[] Write(DnsQuery query, DnsAnswer answer, bool isCut)
    {
        var writer = new List<byte>(SmallestUdp);
        Put(writer, query.Id);
        writer.Add((byte)(0x84 | (query.Opcode << 3) | (isCut ? 2 : 0) | (query.WantsRecursion ? 1 : 0)));
        writer.Add((byte)answer.Result);
        Put(writer, 1);
        Put(writer, (ushort)answer.Records.Count);
        Put(writer, (ushort)(answer.Authority is null ? 0 : 1));
        Put(writer, (ushort)(query.IsExtended ? 1 : 0));
        writer.AddRange(query.Question.Span);
        foreach (var record in answer.Records.Concat(answer.Authority is { } authority ? [authority] : [])) Put(writer, record);
        if (query.IsExtended)
        {
            writer.Add(0);
            Put(writer, (ushort)DnsType.OPT);
            Put(writer, OwnUdp);
            writer.AddRange([0, 0, 0, 0, 0, 0]);
        }

        return [.. writer];
    }

    private static void Put(List<byte> writer, DnsRecord record)
    {
        writer.AddRange(NameBytes(record.Name));
        Put(writer, (ushort)record.Type);
        Put(writer, Internet);
        writer.AddRange(NumberBytes((uint)record.Ttl));
        Put(writer, (ushort)record.Data.Length);
        writer.AddRange(record.Data.Span);
    }

    private static byte[] AuthorityBytes(string[] parts) =>
        [.. NameBytes(DomainName.Normalize(parts[0])), .. NameBytes(DomainName.Normalize(parts[1])), .. parts[2..].SelectMany(part => NumberBytes(uint.Parse(part, CultureInfo.InvariantCulture)))];

    private static byte[] NameBytes(string name) =>
        [.. name.TrimEnd('.').Split('.').Select(Unescaped).SelectMany(label => Encoding.Latin1.GetBytes(label).Prepend((byte)label.Length)), 0];

    // \052 is one byte on the wire.
    private static string Unescaped(string label)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] != '\\' || i + 3 >= label.Length) plain.Append(label[i]);
            else plain.Append((char)Convert.ToInt32(label[(i + 1)..(i += 3)] + label[i], 8));
        }

        return plain.ToString();
    }

    private static byte[] NumberBytes(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static void Put(List<byte> writer, ushort value) => writer.AddRange([(byte)(value >> 8), (byte)value]);
}
