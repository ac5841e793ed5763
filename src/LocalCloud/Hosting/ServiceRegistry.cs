namespace SyncStorage.LocalCloud.Hosting;

/// <summary>All services, those of one name merged, and their models.</summary>
internal sealed class ServiceRegistry
{
    private readonly Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> handlers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceModel> bySigningName;
    private readonly Dictionary<string, ServiceModel> byVersion;

    /// <exception cref="InvalidOperationException">An operation has two handlers, or is in no model.</exception>
    public ServiceRegistry(IEnumerable<IAwsService> services)
    {
        Services = [.. services];
        Models = ServiceModel.Names.ToDictionary(name => name, ServiceModel.Load, StringComparer.Ordinal);
        bySigningName = Models.Values.ToDictionary(model => model.SigningName, StringComparer.Ordinal);
        byVersion = Models.Values.Where(model => model.Protocol is "query" or "ec2").ToDictionary(model => model.ApiVersion, StringComparer.Ordinal);
        foreach (var service in Services)
        {
            foreach (var (operation, handler) in service.Operations)
            {
                if (!Models[service.Name].Operations.ContainsKey(operation))
                    throw new InvalidOperationException($"{service.GetType().Name} handles {operation}, which the model of {service.Name} does not have.");
                if (!handlers.TryAdd($"{service.Name}.{operation}", handler))
                    throw new InvalidOperationException($"{service.Name}.{operation} has two handlers.");
            }
        }
    }

    public IReadOnlyList<IAwsService> Services { get; }

    public IReadOnlyDictionary<string, ServiceModel> Models { get; }

    public Func<ApiCall, CancellationToken, Task<ApiResult>>? Handler(Operation operation) =>
        handlers.GetValueOrDefault($"{operation.Service.Name}.{operation.Name}");

    /// <summary>The service that a request is for, by its signature's scope, or by its form if it is unsigned.</summary>
    public ServiceModel Detect(WireRequest request, Func<string, string?> parameter)
    {
        if (request.Signature is { } signature && bySigningName.TryGetValue(signature.Scope.Service, out var signed)) return signed;
        if (request.Header("x-amz-target")?.Split('.')[0] is { } target && Models.Values.FirstOrDefault(model => model.TargetPrefix == target) is { } json) return json;
        if (parameter("Version") is { } version && byVersion.TryGetValue(version, out var query)) return query;
        return Models[parameter("Action") is null ? "s3" : "sts"];
    }
}
