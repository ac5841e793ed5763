using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.S3;

internal sealed partial class S3Service
{
    private const int LargestPage = 1000;

    private ApiResult ListObjects(Bucket bucket, ApiCall call)
    {
        var query = ListQuery.Of(call.Input, call.Input.Text("Marker") ?? "");
        var page = Page(CurrentKeys(bucket, query), query);
        var output = Listed(bucket, query, page, withOwner: true);
        output["Marker"] = query.Encode(query.After);
        if (page.Last is { } last && query.Delimiter is not null) output["NextMarker"] = query.Encode(last);
        return output;
    }

    private ApiResult ListObjectsV2(Bucket bucket, ApiCall call)
    {
        var input = call.Input;
        var token = input.Text("ContinuationToken");
        var query = ListQuery.Of(input, token is null ? input.Text("StartAfter") ?? "" : FromToken(token));
        var page = Page(CurrentKeys(bucket, query), query);
        var output = Listed(bucket, query, page, input.Flag("FetchOwner") == true);
        output["KeyCount"] = page.Items.Count + page.CommonPrefixes.Count;
        if (token is not null) output["ContinuationToken"] = token;
        if (input.Text("StartAfter") is { } startAfter) output["StartAfter"] = query.Encode(startAfter);
        if (page.Last is { } last) output["NextContinuationToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(last));
        return output;
    }

    private ApiResult ListObjectVersions(Bucket bucket, ApiCall call)
    {
        var query = ListQuery.Of(call.Input, call.Input.Text("KeyMarker") ?? "");

        // All versions of a key stand on one page: a page then ends between keys.
        var page = Page(bucket.WithPrefix(query.Prefix).Select(state => (state.Key, state)), query);
        var (versions, markers) = (new JsonArray(), new JsonArray());
        foreach (var state in page.Items)
        {
            foreach (var version in state.Versions.Reverse())
            {
                var item = version.IsDeleteMarker ? new JsonObject() : Summary(query, state.Key, version);
                item["Key"] = query.Encode(state.Key);
                item["VersionId"] = version.VersionId;
                item["IsLatest"] = version == state.Versions[^1];
                item["LastModified"] = version.LastModified.ToTimestamp();
                item["Owner"] = Owner();
                (version.IsDeleteMarker ? markers : versions).Add((JsonNode)item);
            }
        }

        var output = Head(bucket, query, page);
        (output["Versions"], output["DeleteMarkers"]) = (versions, markers);
        output["KeyMarker"] = query.Encode(query.After);
        output["VersionIdMarker"] = call.Input.Text("VersionIdMarker") ?? "";
        if (page.Last is { } last) (output["NextKeyMarker"], output["NextVersionIdMarker"]) = (query.Encode(last), ObjectVersion.NullId);
        return output;
    }

    private static IEnumerable<(string Key, ObjectState State)> CurrentKeys(Bucket bucket, ListQuery query) =>
        bucket.WithPrefix(query.Prefix).Where(state => state.Current is not null).Select(state => (state.Key, state));

    private JsonObject Listed(Bucket bucket, ListQuery query, ListPage page, bool withOwner)
    {
        var output = Head(bucket, query, page);
        output["Contents"] = page.Items.Select(state =>
        {
            var item = Summary(query, state.Key, state.Current!);
            if (withOwner) item["Owner"] = Owner();
            return item;
        }).ToJson();
        return output;
    }

    private static JsonObject Head(Bucket bucket, ListQuery query, ListPage page)
    {
        var output = new JsonObject
        {
            ["Name"] = bucket.State.Name,
            ["Prefix"] = query.Encode(query.Prefix),
            ["MaxKeys"] = query.MaxKeys,
            ["IsTruncated"] = page.Last is not null,
            ["CommonPrefixes"] = page.CommonPrefixes.Select(prefix => new JsonObject { ["Prefix"] = query.Encode(prefix) }).ToJson(),
        };
        if (query.Delimiter is { } delimiter) output["Delimiter"] = query.Encode(delimiter);
        if (query.UrlEncoded) output["EncodingType"] = "url";
        return output;
    }

    private static JsonObject Summary(ListQuery query, string key, ObjectVersion version)
    {
        var item = new JsonObject
        {
            ["Key"] = query.Encode(key),
            ["LastModified"] = version.LastModified.ToTimestamp(),
            ["ETag"] = version.ETag,
            ["Size"] = version.Size,
            ["StorageClass"] = version.Attributes.Text("StorageClass") ?? "STANDARD",
        };
        if (version.ChecksumName is { } checksum)
            (item["ChecksumAlgorithm"], item["ChecksumType"]) = (new JsonArray(ChecksumMembers[checksum]["Checksum".Length..]), "FULL_OBJECT");
        return item;
    }

    private static ListPage Page(IEnumerable<(string Key, ObjectState State)> keys, ListQuery query)
    {
        var (items, prefixes) = (new List<ObjectState>(), new List<string>());
        string? last = null;
        foreach (var (key, state) in keys)
        {
            var common = query.CommonPrefix(key);
            if (common is not null && common == prefixes.LastOrDefault()) continue;
            if (string.CompareOrdinal(common ?? key, query.After) <= 0) continue;
            if (items.Count + prefixes.Count == query.MaxKeys) return new ListPage(items, prefixes, last);
            if (common is null) items.Add(state);
            else prefixes.Add(common);
            last = common ?? key;
        }

        return new ListPage(items, prefixes, null);
    }

    private static string FromToken(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw S3Errors.InvalidArgument("The continuation token provided is incorrect");
        }
    }

    /// <summary>One page.</summary>
    /// <param name="Items">The keys on it.</param>
    /// <param name="CommonPrefixes">What stands for many keys.</param>
    /// <param name="Last">Where the next page begins, after it; null if this is the last.</param>
    private sealed record ListPage(IReadOnlyList<ObjectState> Items, IReadOnlyList<string> CommonPrefixes, string? Last);

    private sealed record ListQuery(string Prefix, string? Delimiter, string After, int MaxKeys, bool UrlEncoded)
    {
        public static ListQuery Of(JsonObject input, string after)
        {
            var asked = input.Number("MaxKeys") ?? LargestPage;
            if (asked < 0) throw S3Errors.InvalidArgument("Argument maxKeys must be an integer between 0 and 2147483647");
            return new ListQuery(input.Text("Prefix") ?? "", input.Text("Delimiter"), after, Math.Min(asked, LargestPage), input.Text("EncodingType") == "url");
        }

        public string Encode(string text) => UrlEncoded ? Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal) : text;

        /// <summary>What stands for a key and its like: up to the first delimiter after the prefix.</summary>
        public string? CommonPrefix(string key)
        {
            if (Delimiter is null) return null;
            var end = key.IndexOf(Delimiter, Prefix.Length, StringComparison.Ordinal);
            return end < 0 ? null : key[..(end + Delimiter.Length)];
        }
    }
}
