using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Ec2.Rules;

/// <summary>Cuts a list as <c>MaxResults</c> and <c>NextToken</c> say.</summary>
internal static class Paging
{
    /// <summary>A page, and the token of the next one or null.</summary>
    public static (IReadOnlyList<T> Page, string? Next) Cut<T>(IEnumerable<T> items, JsonObject input, int smallest = 5, int largest = 1000)
    {
        var all = items.ToList();
        var size = input.Number("MaxResults");
        if (size is { } asked && (asked < smallest || asked > largest))
            throw Ec2Errors.InvalidParameterValue($"Value ( {asked} ) for parameter maxResults is invalid. Expecting a value between {smallest} and {largest}.");
        var start = input.Text("NextToken") is { Length: > 0 } token ? Read(token) : 0;
        var page = all.Skip(start).Take(size ?? int.MaxValue).ToList();
        var end = start + page.Count;
        return (page, end < all.Count ? Write(end) : null);
    }

    /// <summary>Adds the token, if there is one.</summary>
    public static JsonObject WithNext(this JsonObject output, string? next)
    {
        if (next is not null) output["NextToken"] = next;
        return output;
    }

    private static string Write(int offset) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"page:{offset}"));

    private static int Read(string token)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes[..length]) is ['p', 'a', 'g', 'e', ':', .. var number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return offset;
        }

        throw new AwsException("InvalidNextToken", "The token provided is invalid.");
    }
}
