using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace SyncStorage.LocalCloud.Services.Ec2.Rules;

/// <summary>Resource ids: a prefix and 17 hexadecimal digits.</summary>
internal static partial class Ids
{
    public static string New(string prefix) => $"{prefix}-0{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    public static bool IsWellFormed(string prefix, string id) => id.StartsWith(prefix + "-", StringComparison.Ordinal) && Digits().IsMatch(id[(prefix.Length + 1)..]);

    [GeneratedRegex("^([0-9a-f]{8}|[0-9a-f]{17})$")]
    private static partial Regex Digits();
}
