using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Security;

/// <summary>The arithmetic of AWS Signature Version 4.</summary>
internal static class SigV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    public const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    public static byte[] SigningKey(string secret, CredentialScope scope)
    {
        var date = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), scope.Date);
        return Hmac(Hmac(Hmac(date, scope.Region), scope.Service), "aws4_request");
    }

    public static string Sign(byte[] key, string stringToSign) => Convert.ToHexStringLower(Hmac(key, stringToSign));

    public static string StringToSign(string time, CredentialScope scope, string canonicalRequest) =>
        $"{Algorithm}\n{time}\n{scope}\n{HexHash(Encoding.UTF8.GetBytes(canonicalRequest))}";

    public static string HexHash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    public static string CanonicalRequest(
        string method, string rawPath, IEnumerable<KeyValuePair<string, string>> query,
        IEnumerable<KeyValuePair<string, string>> signedHeaders, string payloadHash)
    {
        var text = new StringBuilder()
            .Append(method).Append('\n')
            .Append(CanonicalPath(rawPath)).Append('\n')
            .AppendJoin('&', query
                .Select(pair => (Name: Uri.EscapeDataString(pair.Key), Value: Uri.EscapeDataString(pair.Value)))
                .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
                .Select(pair => $"{pair.Name}={pair.Value}"))
            .Append('\n');
        var names = new List<string>();
        foreach (var (name, value) in signedHeaders)
        {
            names.Add(name);
            text.Append(name).Append(':').Append(Collapse(value)).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', names).Append('\n').Append(payloadHash).ToString();
    }

    public static bool TryParseTime(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static string CanonicalPath(string rawPath) => string.Join('/', rawPath.Split('/')
        .Select(segment => Uri.EscapeDataString(Uri.UnescapeDataString(segment))));

    private static string Collapse(string value)
    {
        var trimmed = value.Trim();
        while (trimmed.Contains("  ", StringComparison.Ordinal)) trimmed = trimmed.Replace("  ", " ", StringComparison.Ordinal);
        return trimmed;
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}

/// <summary>What a signature is valid for.</summary>
internal sealed record CredentialScope(string Date, string Region, string Service)
{
    public override string ToString() => $"{Date}/{Region}/{Service}/aws4_request";
}
