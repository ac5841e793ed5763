namespace SyncStorage.LocalCloud.Wire;

/// <summary>Finds the operation of a REST request by its method and the pattern of its path. S3 has its own ways, see <see cref="RestRouter"/>.</summary>
internal sealed class RestRoutes(ServiceModel model)
{
    private readonly List<Route> routes = [.. model.Operations.Values.Select(operation => new Route(operation, Segments(operation.RequestUri)))];

    /// <summary>The operation with what stands in its path, by name; null if there is none.</summary>
    public (Operation Operation, IReadOnlyDictionary<string, string> Labels)? Find(WireRequest request)
    {
        var path = Segments(request.RawPath);
        foreach (var route in routes)
        {
            if (route.Operation.HttpMethod == request.Method && route.Match(path) is { } labels) return (route.Operation, labels);
        }

        return null;
    }

    // A slash at the end makes no difference to services.
    private static string[] Segments(string path) => path.Trim('/').Split('/');

    private sealed record Route(Operation Operation, string[] Pattern)
    {
        public Dictionary<string, string>? Match(string[] path)
        {
            if (path.Length != Pattern.Length) return null;
            var labels = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < path.Length; i++)
            {
                if (Pattern[i] is ['{', .. var name, '}']) labels[name] = Uri.UnescapeDataString(path[i]);
                else if (Pattern[i] != path[i]) return null;
            }

            return labels;
        }
    }
}
