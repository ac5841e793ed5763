namespace SyncStorage.LocalCloud.Wire;

/// <summary>Finds the S3 operation of a request: by method, whether the path names a key, and the sub-resource in the query.</summary>
internal sealed class RestRouter
{
    // Sub-resources of S3 that the model here lacks: they must not fall through to the plain operation.
    private static readonly HashSet<string> SubResources = new(StringComparer.Ordinal)
    {
        "accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "inventory", "legal-hold", "lifecycle", "location",
        "logging", "metrics", "notification", "object-lock", "ownershipControls", "partNumber", "policy", "policyStatus", "publicAccessBlock",
        "replication", "requestPayment", "restore", "retention", "select", "tagging", "torrent", "uploadId", "uploads", "versioning",
        "versions", "website",
    };

    private readonly List<Route> routes;

    public RestRouter(ServiceModel model)
    {
        // The most specific first: ListObjectsV2 before ListObjects.
        routes = [.. model.Operations.Values.Select(operation => new Route(operation)).OrderByDescending(route => route.Constants.Count)];
    }

    /// <summary>The operation with the values of its path, or null if there is none.</summary>
    public (Operation Operation, string? Bucket, string? Key)? Find(WireRequest request)
    {
        var path = request.RawPath.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var bucket = Uri.UnescapeDataString(slash < 0 ? path : path[..slash]);
        var key = Uri.UnescapeDataString(slash < 0 ? "" : path[(slash + 1)..]);
        var shape = bucket.Length == 0 ? PathShape.Service : key.Length == 0 ? PathShape.Bucket : PathShape.Object;
        var copies = request.Header("x-amz-copy-source") is not null;
        var asked = request.Query.Where(pair => SubResources.Contains(pair.Key)).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);

        var route = routes.Find(candidate => candidate.Operation.HttpMethod == request.Method && candidate.Shape == shape
            && candidate.Constants.All(constant => constant.Value.Length == 0 ? request.HasQuery(constant.Key) : request.QueryValue(constant.Key) == constant.Value)
            && asked.All(candidate.Knows)
            && candidate.Copies == (copies && candidate.MayCopy));
        return route is null ? null : (route.Operation, bucket.Length > 0 ? bucket : null, key.Length > 0 ? key : null);
    }

    private enum PathShape
    {
        Service,
        Bucket,
        Object,
    }

    private sealed class Route
    {
        private readonly HashSet<string> queryMembers;

        public Route(Operation operation)
        {
            Operation = operation;
            var parts = operation.RequestUri.Split('?', 2);
            Shape = parts[0].Contains("{Key+}", StringComparison.Ordinal) ? PathShape.Object
                : parts[0].Contains("{Bucket}", StringComparison.Ordinal) ? PathShape.Bucket : PathShape.Service;
            Constants = parts.Length < 2 ? [] : [.. WireRequest.ParsePairs(parts[1], plusIsSpace: false)];
            var members = operation.Input?.Members.Values ?? [];
            queryMembers = members.Where(member => member.Location == "querystring")
                .Select(member => member.LocationName ?? member.Name).ToHashSet(StringComparer.Ordinal);

            // Parts of a multipart upload need their query members.
            foreach (var name in operation.Input?.Required ?? [])
            {
                if (operation.Input!.Members[name] is { Location: "querystring" } member)
                    Constants.Add(KeyValuePair.Create(member.LocationName ?? member.Name, ""));
            }

            Copies = operation.Input?.Members.ContainsKey("CopySource") == true;
            MayCopy = operation.HttpMethod == "PUT" && Shape == PathShape.Object;
        }

        public Operation Operation { get; }

        public PathShape Shape { get; }

        public List<KeyValuePair<string, string>> Constants { get; }

        /// <summary>Whether it takes an <c>x-amz-copy-source</c>, and whether such a header decides.</summary>
        public bool Copies { get; }

        public bool MayCopy { get; }

        public bool Knows(string query) => queryMembers.Contains(query) || Constants.Exists(constant => constant.Key == query);
    }
}
