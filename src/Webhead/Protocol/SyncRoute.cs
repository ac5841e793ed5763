using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SyncStorage.Webhead.Protocol;

/// <summary>What a path of the protocol names.</summary>
internal enum SyncTarget
{
    Storage,
    InfoCollections,
    InfoCollectionCounts,
    InfoCollectionUsage,
    InfoQuota,
    InfoConfiguration,
    Collection,
    Item,
}

/// <summary>A path of the protocol, read from the untouched request target: an id may hold an encoded slash.</summary>
internal sealed partial record SyncRoute(SyncTarget Target, long Uid, string Collection = "", string Id = "")
{
    private const string Version = "1.5";

    /// <summary>The methods that the target has.</summary>
    public string[] Methods => Target switch
    {
        SyncTarget.Storage => ["DELETE"],
        SyncTarget.Collection => ["GET", "HEAD", "POST", "DELETE"],
        SyncTarget.Item => ["GET", "HEAD", "PUT", "DELETE"],
        _ => ["GET", "HEAD"],
    };

    /// <summary>The path with names instead of what is a user's.</summary>
    public string Template => Target switch
    {
        SyncTarget.Storage => "/1.5/{uid}/storage",
        SyncTarget.InfoCollections => "/1.5/{uid}/info/collections",
        SyncTarget.InfoCollectionCounts => "/1.5/{uid}/info/collection_counts",
        SyncTarget.InfoCollectionUsage => "/1.5/{uid}/info/collection_usage",
        SyncTarget.InfoQuota => "/1.5/{uid}/info/quota",
        SyncTarget.InfoConfiguration => "/1.5/{uid}/info/configuration",
        SyncTarget.Collection => "/1.5/{uid}/storage/{collection}",
        SyncTarget.Item => "/1.5/{uid}/storage/{collection}/{id}",
        _ => throw new ArgumentOutOfRangeException(nameof(Target)),
    };

    public static bool TryParse(string rawTarget, [NotNullWhen(true)] out SyncRoute? route)
    {
        route = null;
        var path = rawTarget.Split('?', 2)[0];
        var parts = path.Split('/');
        if (parts is not ["", Version, var uidText, .. var rest] || !Uid10().IsMatch(uidText)) return false;

        var uid = long.Parse(uidText, CultureInfo.InvariantCulture);
        route = rest switch
        {
            [] or ["storage"] => new SyncRoute(SyncTarget.Storage, uid),
            ["info", "collections"] => new SyncRoute(SyncTarget.InfoCollections, uid),
            ["info", "collection_counts"] => new SyncRoute(SyncTarget.InfoCollectionCounts, uid),
            ["info", "collection_usage"] => new SyncRoute(SyncTarget.InfoCollectionUsage, uid),
            ["info", "quota"] => new SyncRoute(SyncTarget.InfoQuota, uid),
            ["info", "configuration"] => new SyncRoute(SyncTarget.InfoConfiguration, uid),
            ["storage", var collection] => Read(uid, collection, null),
            ["storage", var collection, var id] => Read(uid, collection, id),
            _ => null,
        };
        return route is not null;
    }

    /// <summary>Whether this can be an item's id.</summary>
    public static bool IsId(string id) => ItemId().IsMatch(id);

    /// <summary>Whether this can be a collection's name.</summary>
    public static bool IsCollection(string name) => CollectionName().IsMatch(name);

    private static SyncRoute? Read(long uid, string rawCollection, string? rawId)
    {
        var collection = Uri.UnescapeDataString(rawCollection);
        if (!IsCollection(collection)) return null;
        if (rawId is null) return new SyncRoute(SyncTarget.Collection, uid, collection);

        // Bytes that are no UTF-8 would stay as they are, and pass for an id with percent signs in it.
        if (BeyondAscii().IsMatch(rawId)) return null;
        var id = Uri.UnescapeDataString(rawId);
        return IsId(id) ? new SyncRoute(SyncTarget.Item, uid, collection, id) : null;
    }

    [GeneratedRegex("^[0-9]{1,10}\\z")]
    private static partial Regex Uid10();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,32}\\z")]
    private static partial Regex CollectionName();

    [GeneratedRegex("%[89A-Fa-f][0-9A-Fa-f]")]
    private static partial Regex BeyondAscii();

    [GeneratedRegex("^[ -~]{1,64}\\z")]
    private static partial Regex ItemId();
}
