using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Ec2;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>A checked <c>SendCommand</c>: a shell script for instances whose agent is online.</summary>
internal sealed class CommandRequest(CloudContext context, IInstanceQueries instances, IInstanceShells shells)
{
    public const string Document = "AWS-RunShellScript";

    private const int LongestExecutionSeconds = 172800;

    private static readonly string[] ParameterNames = ["commands", "executionTimeout", "workingDirectory"];

    public CommandRecord Read(JsonObject input, DateTimeOffset now)
    {
        var document = input.Needed("DocumentName");
        if (document != Document && !document.EndsWith(":document/" + Document, StringComparison.Ordinal)) throw CommandErrors.InvalidDocument(document);
        var parameters = Parameters(input.Part("Parameters") ?? []);
        var targets = input.Parts("Targets").ToDictionary(target => target.Needed("Key"), target => target.Texts("Values").ToList(), StringComparer.Ordinal);
        var ids = input.Texts("InstanceIds");
        if ((ids.Count > 0) == (targets.Count > 0)) throw CommandErrors.Validation("Specify either instance IDs or targets, and not both.");
        var chosen = ids.Count > 0 ? Named(ids) : Targeted(targets);
        var timeout = input.Number("TimeoutSeconds") ?? 3600;
        return new CommandRecord
        {
            Id = Guid.NewGuid().ToString(),
            Requested = now,
            ExpiresAfter = now + TimeSpan.FromSeconds(timeout) + ExecutionTimeout(parameters),
            Comment = input.Text("Comment") ?? "",
            TimeoutSeconds = timeout,
            Parameters = parameters,
            Targets = targets,
            InstanceIds = [.. ids],
            Invocations = [.. chosen.Select(facts => new InvocationRecord
            {
                InstanceId = facts.Instance.Id, InstanceName = facts.Tags.TryGetValue("Name", out var name) ? name : "",
            })],
        };
    }

    /// <summary>How long the script may run.</summary>
    public static TimeSpan ExecutionTimeout(IReadOnlyDictionary<string, List<string>> parameters)
    {
        if (parameters.GetValueOrDefault("executionTimeout") is not [var text, ..]) return TimeSpan.FromHours(1);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= LongestExecutionSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw CommandErrors.InvalidParameters($"executionTimeout must be between 1 and {LongestExecutionSeconds} seconds.");
    }

    /// <summary>The instances whose agent is online, as targets and filters see them.</summary>
    public IEnumerable<MetadataFacts> Online() => instances.Running().Where(IsOnline);

    /// <summary>As on AWS, the agent needs the credentials of an instance profile to register.</summary>
    private bool IsOnline(MetadataFacts facts) => facts.Instance.Profile is not null && shells.ShellOf(facts.Instance.Id) is not null;

    private static Dictionary<string, List<string>> Parameters(JsonObject given)
    {
        var parameters = given.ToDictionary(pair => pair.Key, pair => given.Texts(pair.Key).ToList(), StringComparer.Ordinal);
        if (parameters.Keys.FirstOrDefault(name => !ParameterNames.Contains(name)) is { } unknown)
            throw CommandErrors.InvalidParameters($"Document {Document} does not support parameters: {unknown}.");
        if (parameters.GetValueOrDefault("commands") is not { Count: > 0 }) throw CommandErrors.InvalidParameters($"Document {Document} requires the parameter commands.");
        _ = ExecutionTimeout(parameters);
        return parameters;
    }

    private List<MetadataFacts> Named(IReadOnlyList<string> ids)
    {
        if (ids.Distinct().Count() != ids.Count) throw CommandErrors.DuplicateInstanceId();
        var online = Online().ToDictionary(facts => facts.Instance.Id, StringComparer.Ordinal);
        var missing = ids.Where(id => !online.ContainsKey(id)).ToList();
        if (missing.Count > 0) throw CommandErrors.InvalidInstanceId(missing, context.AccountId);
        return [.. ids.Select(id => online[id])];
    }

    private List<MetadataFacts> Targeted(Dictionary<string, List<string>> targets) =>
        [.. Online().Where(facts => targets.All(target => Matches(facts, target.Key, target.Value)))];

    private static bool Matches(MetadataFacts facts, string key, List<string> values) => key switch
    {
        "InstanceIds" or "instanceids" => values.Contains(facts.Instance.Id),
        "tag-key" => values.Exists(facts.Tags.ContainsKey),
        _ when key.StartsWith("tag:", StringComparison.Ordinal) => facts.Tags.TryGetValue(key[4..], out var value) && values.Contains(value),
        _ => throw CommandErrors.Validation($"The target key {key} is not valid."),
    };
}
