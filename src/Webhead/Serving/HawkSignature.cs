using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Serving;

/// <summary>Checks a request's MAC without leaving anything behind for the collector.</summary>
internal static class HawkSignature
{
    private const int MacBytes = 32;
    private const int TextBytes = 44;
    private const int OnStack = 1024;

    /// <summary>Whether the header's MAC is the one of this request, compared in constant time.</summary>
    public static bool Verify(byte[] key, in HawkRequest request, HawkHeader header)
    {
        Span<byte> given = stackalloc byte[TextBytes];
        if (header.Mac.Length != TextBytes || !Ascii.IsValid(header.Mac)) return false;
        Encoding.ASCII.GetBytes(header.Mac, given);

        var most = 128 + 3 * (header.Timestamp.Length + header.Nonce.Length + request.PathAndQuery.Length + request.Host.Length
            + (header.Hash?.Length ?? 0) + (header.Extension?.Length ?? 0));
        var rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        try
        {
            Span<byte> buffer = rented is not null ? rented : stackalloc byte[OnStack];
            Span<byte> mac = stackalloc byte[MacBytes];
            HMACSHA256.HashData(key, buffer[..Write(buffer, request, header)], mac);
            Span<byte> expected = stackalloc byte[TextBytes];
            Base64.EncodeToUtf8(mac, expected, out _, out _);
            return CryptographicOperations.FixedTimeEquals(expected, given);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Write(Span<byte> buffer, in HawkRequest request, HawkHeader header)
    {
        "hawk.1.header\n"u8.CopyTo(buffer);
        var length = "hawk.1.header\n"u8.Length;
        length += Line(buffer[length..], header.Timestamp);
        length += Line(buffer[length..], header.Nonce);
        length += Line(buffer[length..], request.Method);
        length += Line(buffer[length..], request.PathAndQuery);
        length += Line(buffer[length..], request.Host);
        request.Port.TryFormat(buffer[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        buffer[length++] = (byte)'\n';
        length += Line(buffer[length..], header.Hash);
        length += Line(buffer[length..], header.Extension);
        return length;
    }

    private static int Line(Span<byte> buffer, string? text)
    {
        var length = Encoding.UTF8.GetBytes(text, buffer);
        buffer[length] = (byte)'\n';
        return length + 1;
    }
}
