namespace SyncStorage.LocalCloud.Services.Route53.Dns;

/// <summary>The numbers of the types of records, RFC 1035 and 3596.</summary>
internal enum DnsType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    TXT = 16,
    AAAA = 28,

    /// <summary>What extends the protocol (RFC 6891); no record.</summary>
    OPT = 41,
}

/// <summary>How an answer ends, RFC 1035.</summary>
internal enum DnsResult
{
    Ok = 0,
    Malformed = 1,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
}

/// <param name="Id">What the answer repeats.</param>
/// <param name="Opcode">0 for a question.</param>
/// <param name="WantsRecursion">Repeated in the answer.</param>
/// <param name="Name">In lower case, with a dot at the end.</param>
/// <param name="Type">The type asked for; any number.</param>
/// <param name="Question">The question as it stood in the message.</param>
/// <param name="LargestAnswer">How many bytes the asker takes by UDP.</param>
/// <param name="IsExtended">Whether it spoke of extensions.</param>
internal sealed record DnsQuery(ushort Id, int Opcode, bool WantsRecursion, string Name, DnsType Type, ReadOnlyMemory<byte> Question, int LargestAnswer, bool IsExtended);

/// <param name="Name">Whose it is, with a dot at the end.</param>
/// <param name="Type">Its type.</param>
/// <param name="Ttl">How many seconds it may be kept.</param>
/// <param name="Data">What it says, as it goes on the wire.</param>
internal sealed record DnsRecord(string Name, DnsType Type, int Ttl, ReadOnlyMemory<byte> Data);

/// <param name="Result">How it ended.</param>
/// <param name="Records">What answers the question.</param>
/// <param name="Authority">Who says that there is none; null where there are answers.</param>
internal sealed record DnsAnswer(DnsResult Result, IReadOnlyList<DnsRecord> Records, DnsRecord? Authority = null);
