namespace SyncStorage.Pipeline.Dns;

/// <summary>Domain names as settings write them: in lower case, without a dot at the end.</summary>
internal static class DnsName
{
    private const string MarkerPrefix = "_syncstorage.";

    /// <summary>A name of Route 53's or of a resolver's in that form.</summary>
    public static string Plain(string name) => name.TrimEnd('.').ToLowerInvariant();

    /// <summary>A load balancer's name in that form, without what says that it may have addresses of both families.</summary>
    public static string OfLoadBalancer(string name)
    {
        const string BothFamilies = "dualstack.";
        var plain = Plain(name);
        return plain.StartsWith(BothFamilies, StringComparison.Ordinal) ? plain[BothFamilies.Length..] : plain;
    }

    /// <summary>The name whose text says which cluster a virtual hostname's records are of: records have no tags.</summary>
    public static string MarkerOf(string hostname) => MarkerPrefix + hostname;

    /// <summary>The virtual hostname that a marker is about; null if the name is no marker's.</summary>
    public static string? MarkedBy(string name) => name.StartsWith(MarkerPrefix, StringComparison.Ordinal) ? name[MarkerPrefix.Length..] : null;

    /// <summary>Whether a name is a domain's own, or below it.</summary>
    public static bool IsWithin(string name, string domain) => name == domain || name.EndsWith($".{domain}", StringComparison.Ordinal);

    /// <summary>By this Route 53 sorts records: the labels from the last to the first.</summary>
    public static string SortKey(string name) => $"{string.Join('.', name.Split('.').Reverse())}.";

    /// <summary>An id without the sort of thing that Route 53 writes before it: <c>/hostedzone/Z1</c> is <c>Z1</c>.</summary>
    public static string BareId(string id) => id[(id.LastIndexOf('/') + 1)..];
}
