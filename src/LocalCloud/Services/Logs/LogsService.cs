using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Logs;

/// <summary>CloudWatch Logs, API 2014-03-28: the service's life, and what its operations share.</summary>
internal sealed partial class LogsService : IAwsService
{
    private static readonly int[] Retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    private readonly Lock gate = new();
    private readonly CloudContext context;
    private readonly StateFile<LogsState> file;
    private readonly Dictionary<(string Group, string Stream), LogStream> streams = [];
    private LogsState state = new();
    private long lastId;

    public LogsService(CloudContext context)
    {
        this.context = context;
        file = new StateFile<LogsState>(context.StateDirectory, Name);
        Operations = new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>(StringComparer.Ordinal)
        {
            ["CreateLogGroup"] = gate.Locked(CreateLogGroup),
            ["DeleteLogGroup"] = gate.Locked(DeleteLogGroup),
            ["DescribeLogGroups"] = gate.Locked(DescribeLogGroups),
            ["PutRetentionPolicy"] = gate.Locked(PutRetentionPolicy),
            ["DeleteRetentionPolicy"] = gate.Locked(DeleteRetentionPolicy),
            ["CreateLogStream"] = gate.Locked(CreateLogStream),
            ["DescribeLogStreams"] = gate.Locked(DescribeLogStreams),
            ["PutLogEvents"] = gate.Locked(PutLogEvents),
            ["GetLogEvents"] = gate.Locked(GetLogEvents),
            ["FilterLogEvents"] = gate.Locked(FilterLogEvents),
            ["TagResource"] = gate.Locked(TagResource),
            ["UntagResource"] = gate.Locked(UntagResource),
            ["ListTagsForResource"] = gate.Locked(ListTagsForResource),
        };
    }

    public string Name => "logs";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            state = file.Load();
            foreach (var group in state.Groups.Values)
            {
                foreach (var stream in group.Streams.Keys) streams[(group.Name, stream)] = new LogStream(PathOf(group.Name, stream));
            }

            lastId = streams.Values.SelectMany(stream => stream.Events).Select(one => one.Id).DefaultIfEmpty().Max();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => Task.CompletedTask;

    private JsonObject CreateLogGroup(JsonObject input)
    {
        var name = input.Required("logGroupName");
        if (state.Groups.ContainsKey(name)) throw new AwsException("ResourceAlreadyExistsException", "The specified log group already exists");
        var group = new LogGroupRecord { Name = name, CreatedAt = context.Time.GetUtcNow() };
        foreach (var (key, value) in input.Structure("tags") ?? []) group.Tags[key] = (string)value!;
        state.Groups[name] = group;
        Save();
        return [];
    }

    private JsonObject DeleteLogGroup(JsonObject input)
    {
        var group = Group(input);
        foreach (var stream in group.Streams.Keys)
        {
            if (streams.Remove((group.Name, stream), out var removed)) removed.Remove();
        }

        state.Groups.Remove(group.Name);
        Save();
        return [];
    }

    private JsonObject DescribeLogGroups(JsonObject input)
    {
        var (prefix, part) = (input.Text("logGroupNamePrefix"), input.Text("logGroupNamePattern"));
        if (prefix is not null && part is not null) throw Invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        var found = state.Groups.Values.Where(group =>
            (prefix is null || group.Name.StartsWith(prefix, StringComparison.Ordinal)) && (part is null || group.Name.Contains(part, StringComparison.OrdinalIgnoreCase)));
        return Page(input, "logGroups", [.. found], group => group.Name, Shape);
    }

    private JsonObject PutRetentionPolicy(JsonObject input)
    {
        var days = input.Number("retentionInDays")!.Value;
        if (!Retentions.Contains(days)) throw Invalid($"Invalid retention days: {days}. It must be one of {string.Join(", ", Retentions)}.");
        Group(input).RetentionInDays = days;
        Save();
        return [];
    }

    private JsonObject DeleteRetentionPolicy(JsonObject input)
    {
        Group(input).RetentionInDays = null;
        Save();
        return [];
    }

    private JsonObject TagResource(JsonObject input)
    {
        var group = Tagged(input);
        foreach (var (key, value) in input.Structure("tags") ?? []) group.Tags[key] = (string)value!;
        Save();
        return [];
    }

    private JsonObject UntagResource(JsonObject input)
    {
        var group = Tagged(input);
        foreach (var key in input.Texts("tagKeys")) group.Tags.Remove(key);
        Save();
        return [];
    }

    private JsonObject ListTagsForResource(JsonObject input) =>
        new() { ["tags"] = new JsonObject(Tagged(input).Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))) };

    private LogGroupRecord Tagged(JsonObject input)
    {
        var arn = input.Required("resourceArn");
        return state.Groups.Values.FirstOrDefault(group => Arn(group.Name) == arn || Arn(group.Name) + ":*" == arn) ?? throw Missing("resource");
    }

    private JsonObject Shape(LogGroupRecord group)
    {
        var shown = new JsonObject
        {
            ["logGroupName"] = group.Name,
            ["creationTime"] = group.CreatedAt.ToUnixTimeMilliseconds(),
            ["metricFilterCount"] = 0,
            ["arn"] = Arn(group.Name) + ":*",
            ["logGroupArn"] = Arn(group.Name),
            ["logGroupClass"] = "STANDARD",
            ["storedBytes"] = group.Streams.Keys.Sum(stream => streams[(group.Name, stream)].Bytes),
        };
        if (group.RetentionInDays is { } days) shown["retentionInDays"] = days;
        return shown;
    }

    private LogGroupRecord Group(JsonObject input)
    {
        var name = input.Text("logGroupName") ?? input.Text("logGroupIdentifier")?.Split(":log-group:")[^1].Split(':')[0] ?? throw Invalid("A log group must be named.");
        return state.Groups.GetValueOrDefault(name) ?? throw Missing("log group");
    }

    /// <summary>Events before this are not kept: milliseconds since 1970.</summary>
    private long Oldest(LogGroupRecord group) =>
        group.RetentionInDays is { } days ? (context.Time.GetUtcNow() - TimeSpan.FromDays(days)).ToUnixTimeMilliseconds() : 0;

    private string Arn(string group) => $"arn:aws:logs:{context.Region}:{context.AccountId}:log-group:{group}";

    // Names may hold what files' names can't.
    private string PathOf(string group, string stream) =>
        Path.Combine(context.StateDirectory, "logs", Short(group), $"{Short(stream)}.jsonl");

    private static string Short(string name)
    {
        var readable = string.Concat(name.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_')).TrimStart('.');
        return $"{readable}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
    }

    private static JsonObject Page<T>(JsonObject input, string member, IReadOnlyList<T> sorted, Func<T, string> key, Func<T, JsonObject> shape)
    {
        var limit = input.Number("limit") ?? 50;
        var skip = input.Text("nextToken") is { } token ? sorted.TakeWhile(item => key(item) != token).Count() + 1 : 0;
        var page = sorted.Skip(skip).Take(limit).ToList();
        var output = new JsonObject { [member] = page.Select(shape).ToJson() };
        if (sorted.Count > skip + page.Count && page.Count > 0) output["nextToken"] = key(page[^1]);
        return output;
    }

    private static AwsException Missing(string what) => new("ResourceNotFoundException", $"The specified {what} does not exist.");

    private static AwsException Invalid(string message) => new("InvalidParameterException", message);

    private void Save() => file.Save(state);
}

/// <summary>Composition.</summary>
internal static class LogsExtensions
{
    /// <summary>Adds CloudWatch Logs.</summary>
    public static IServiceCollection AddLogs(this IServiceCollection services) => services.AddSingleton<IAwsService, LogsService>();
}
