using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Handler = System.Func<SyncStorage.LocalCloud.Core.ApiCall, System.Threading.CancellationToken, System.Threading.Tasks.Task<SyncStorage.LocalCloud.Core.ApiResult>>;

namespace SyncStorage.LocalCloud.Services.Ssm;

/// <summary>The parameter half of SSM. (Remote commands are another service of the same name.)</summary>
internal sealed partial class ParameterService : IAwsService, IImageParameters
{
    private const int MostParameters = 10_000;
    private const int MostVersions = 100;
    private const int MostTags = 50;
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly CloudContext cloud;
    private readonly SecretBox secrets;
    private readonly PublicParameters publicParameters;
    private readonly StateFile<ParameterStoreState> file;
    private readonly ParameterStoreState state;

    public ParameterService(CloudContext cloud, PublicParameters publicParameters)
    {
        this.cloud = cloud;
        this.publicParameters = publicParameters;
        secrets = new SecretBox(cloud.StateDirectory);
        file = new StateFile<ParameterStoreState>(cloud.StateDirectory, "parameters");
        state = file.Load();
        Operations = new Dictionary<string, Handler>(StringComparer.Ordinal)
        {
            ["PutParameter"] = Locked(PutParameter),
            ["GetParameter"] = Locked(GetParameter),
            ["GetParameters"] = Locked(GetParameters),
            ["GetParametersByPath"] = Locked(GetParametersByPath),
            ["DescribeParameters"] = Locked(DescribeParameters),
            ["DeleteParameter"] = Locked(DeleteParameter),
            ["DeleteParameters"] = Locked(DeleteParameters),
            ["AddTagsToResource"] = Locked(AddTagsToResource),
            ["RemoveTagsFromResource"] = Locked(RemoveTagsFromResource),
            ["ListTagsForResource"] = Locked(ListTagsForResource),
        };
    }

    string IAwsService.Name => "ssm";

    public IReadOnlyDictionary<string, Handler> Operations { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => Task.CompletedTask;

    private Handler Locked(Func<ApiCall, ApiResult> handle) => (call, _) =>
    {
        lock (gate) return Task.FromResult(handle(call));
    };

    private ApiResult PutParameter(ApiCall call)
    {
        var input = call.Input;
        var name = input.Text("Name")!;
        var overwrite = input.Flag("Overwrite") == true;
        var tags = input.Tags("Tags");
        if (tags.Count > 0 && overwrite)
            throw Invalid("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");
        if (tags.Count > MostTags) throw new AwsException("TooManyTagsError", $"A parameter can have at most {MostTags} tags.");
        var existing = state.Parameters.GetValueOrDefault(name);
        if (existing is not null && !overwrite)
            throw new AwsException("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");

        CheckValue(input, existing);
        var parameter = existing ?? Create(name, input, tags);
        parameter.Description = input.Text("Description") ?? parameter.Description;
        parameter.AllowedPattern = input.Text("AllowedPattern") ?? parameter.AllowedPattern;
        parameter.Tier = input.Text("Tier") is { } tier and not "Intelligent-Tiering" ? tier : parameter.Tier;
        parameter.DataType = input.Text("DataType") ?? parameter.DataType;
        if (parameter.IsSecure) parameter.KeyId = input.Text("KeyId") ?? parameter.KeyId ?? "alias/aws/ssm";
        var value = input.Text("Value")!;
        var number = parameter.Versions.Count == 0 ? 1 : parameter.Current.Version + 1;
        parameter.Versions.Add(new ParameterVersion(number, parameter.IsSecure ? secrets.Seal(name, value) : value, cloud.Time.GetUtcNow(), call.Caller.Arn));
        if (parameter.Versions.Count > MostVersions) parameter.Versions.RemoveAt(0);
        state.Parameters[name] = parameter;
        file.Save(state);
        return new JsonObject { ["Version"] = number, ["Tier"] = parameter.Tier };
    }

    private ParameterState Create(string name, JsonObject input, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        ParameterNames.CheckNew(name);
        if (state.Parameters.Count >= MostParameters)
            throw new AwsException("ParameterLimitExceeded", "You have exceeded the number of parameters for this AWS account.");
        var type = input.Text("Type") ?? throw Invalid("A parameter type is required when you create a parameter.");
        return new ParameterState { Name = name, Type = type, Tags = new Dictionary<string, string>(tags, StringComparer.Ordinal) };
    }

    private static void CheckValue(JsonObject input, ParameterState? existing)
    {
        var value = input.Text("Value") ?? throw WireErrors.Constraint(ServiceModel.Load("ssm"), "Value", "", "Member must have length greater than or equal to 1");
        if (existing is not null && input.Text("Type") is { } type && type != existing.Type)
        {
            throw new AwsException("HierarchyTypeMismatchException",
                "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.");
        }

        var advanced = (input.Text("Tier") ?? existing?.Tier) is "Advanced" or "Intelligent-Tiering";
        var most = advanced ? 8192 : 4096;
        if (Encoding.UTF8.GetByteCount(value) > most)
            throw Invalid($"{(advanced ? "Advanced" : "Standard")} tier parameters support a maximum parameter value of {most} characters.");
        if (input.Text("KeyId") is not null && (input.Text("Type") ?? existing?.Type) != "SecureString")
            throw Invalid("KeyId is required for SecureString type parameter only.");
        if (input.Text("Policies") is not null && !advanced) throw Invalid("Parameter policies need an advanced parameter.");
        if ((input.Text("AllowedPattern") ?? existing?.AllowedPattern) is { } pattern) CheckPattern(pattern, value);
    }

    private static void CheckPattern(string pattern, string value)
    {
        try
        {
            if (!Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant, LongestMatch))
                throw new AwsException("ParameterPatternMismatchException", "Parameter value, cannot be validated against allowedPattern.");
        }
        catch (Exception exception) when (exception is RegexParseException or RegexMatchTimeoutException)
        {
            throw new AwsException("InvalidAllowedPatternException", "The allowed pattern is not a valid regular expression.");
        }
    }

    private ApiResult DeleteParameter(ApiCall call)
    {
        if (!state.Parameters.Remove(ParameterNames.Parse(call.Input.Text("Name")!).Name)) throw NotFound(call.Input.Text("Name")!);
        file.Save(state);
        return ApiResult.Empty;
    }

    private ApiResult DeleteParameters(ApiCall call)
    {
        var lookup = call.Input.Texts("Names").ToLookup(name => state.Parameters.Remove(ParameterNames.Parse(name).Name));
        file.Save(state);
        return new JsonObject { ["DeletedParameters"] = lookup[true].ToJson(), ["InvalidParameters"] = lookup[false].ToJson() };
    }

    private ApiResult AddTagsToResource(ApiCall call)
    {
        var parameter = Tagged(call);
        var tags = call.Input.Tags("Tags");
        if (parameter.Tags.Keys.Union(tags.Select(tag => tag.Key)).Count() > MostTags)
            throw new AwsException("TooManyTagsError", $"A parameter can have at most {MostTags} tags.");
        foreach (var (key, value) in tags) parameter.Tags[key] = value;
        file.Save(state);
        return ApiResult.Empty;
    }

    private ApiResult RemoveTagsFromResource(ApiCall call)
    {
        var parameter = Tagged(call);
        foreach (var key in call.Input.Texts("TagKeys")) parameter.Tags.Remove(key);
        file.Save(state);
        return ApiResult.Empty;
    }

    private ApiResult ListTagsForResource(ApiCall call) => new JsonObject { ["TagList"] = Tagged(call).Tags.ToTags() };

    private ParameterState Tagged(ApiCall call)
    {
        if (call.Input.Text("ResourceType") != "Parameter")
            throw new AwsException("InvalidResourceType", "LocalCloud's SSM has tags on parameters only.");
        var id = ParameterNames.Parse(call.Input.Text("ResourceId")!).Name;
        return state.Parameters.GetValueOrDefault(id) ?? throw new AwsException("InvalidResourceId", $"The parameter {id} does not exist.");
    }

    private static AwsException Invalid(string message) => new("ValidationException", message);

    private static AwsException NotFound(string name) => new("ParameterNotFound", $"The parameter {name} does not exist.");
}
