using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Services.Ec2.Rules;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>Commands and invocations as responses show them.</summary>
internal sealed class CommandView(CommandStore store)
{
    private const string Plugin = "aws:runShellScript";

    public static JsonObject Command(CommandRecord command)
    {
        var over = command.Invocations.Count(invocation => invocation.IsOver);
        return new JsonObject
        {
            ["CommandId"] = command.Id,
            ["DocumentName"] = CommandRequest.Document,
            ["DocumentVersion"] = "$DEFAULT",
            ["Comment"] = command.Comment,
            ["ExpiresAfter"] = command.ExpiresAfter.ToIso(),
            ["Parameters"] = Map(command.Parameters),
            ["InstanceIds"] = command.InstanceIds.ToTexts(),
            ["Targets"] = command.Targets.ToArray(target => new JsonObject { ["Key"] = target.Key, ["Values"] = target.Value.ToTexts() }),
            ["RequestedDateTime"] = command.Requested.ToIso(),
            ["Status"] = Status(command).ToString(),
            ["StatusDetails"] = command.Invocations.Count == 0 ? "NoInstancesInTag" : Status(command).ToString(),
            ["MaxConcurrency"] = "50",
            ["MaxErrors"] = "0",
            ["TargetCount"] = command.Invocations.Count,
            ["CompletedCount"] = over,
            ["ErrorCount"] = command.Invocations.Count(invocation => invocation.Status is InvocationStatus.Failed or InvocationStatus.TimedOut),
            ["DeliveryTimedOutCount"] = 0,
            ["TimeoutSeconds"] = command.TimeoutSeconds,
        };
    }

    public JsonObject Invocation(CommandRecord command, InvocationRecord invocation, bool details)
    {
        var view = new JsonObject
        {
            ["CommandId"] = command.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["InstanceName"] = invocation.InstanceName,
            ["Comment"] = command.Comment,
            ["DocumentName"] = CommandRequest.Document,
            ["DocumentVersion"] = "$DEFAULT",
            ["RequestedDateTime"] = command.Requested.ToIso(),
            ["Status"] = invocation.Status.ToString(),
            ["StatusDetails"] = Details(invocation.Status),
            ["StandardOutputUrl"] = "",
            ["StandardErrorUrl"] = "",
            ["CommandPlugins"] = new JsonArray(),
        };
        if (details && invocation.Status != InvocationStatus.Pending) view["CommandPlugins"] = new JsonArray(PluginView(command, invocation));
        return view;
    }

    /// <summary>As <c>GetCommandInvocation</c> shows one.</summary>
    public JsonObject Result(CommandRecord command, InvocationRecord invocation, DateTimeOffset now)
    {
        var output = store.Output(command.Id, invocation.InstanceId);
        var elapsed = invocation.Started is { } started ? (invocation.Finished ?? now) - started : TimeSpan.Zero;
        return new JsonObject
        {
            ["CommandId"] = command.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["Comment"] = command.Comment,
            ["DocumentName"] = CommandRequest.Document,
            ["DocumentVersion"] = "$DEFAULT",
            ["PluginName"] = Plugin,
            ["ResponseCode"] = invocation.ResponseCode,
            ["ExecutionStartDateTime"] = invocation.Started?.ToIso() ?? "",
            ["ExecutionElapsedTime"] = string.Create(CultureInfo.InvariantCulture, $"PT{elapsed.TotalSeconds:0.###}S"),
            ["ExecutionEndDateTime"] = invocation.Finished?.ToIso() ?? "",
            ["Status"] = invocation.Status.ToString(),
            ["StatusDetails"] = Details(invocation.Status),
            ["StandardOutputContent"] = output.OutputContent,
            ["StandardOutputUrl"] = "",
            ["StandardErrorContent"] = output.ErrorContent(invocation),
            ["StandardErrorUrl"] = "",
        };
    }

    public static bool IsPlugin(string name) => name is Plugin or "runShellScript";

    /// <summary>The whole command's: the worst of its invocations, once all are over.</summary>
    public static InvocationStatus Status(CommandRecord command)
    {
        var statuses = command.Invocations.ConvertAll(invocation => invocation.Status);
        if (statuses.Count == 0) return InvocationStatus.Success;
        if (statuses.TrueForAll(status => status == InvocationStatus.Pending)) return InvocationStatus.Pending;
        if (statuses.Contains(InvocationStatus.Cancelling)) return InvocationStatus.Cancelling;
        if (!command.Invocations.TrueForAll(invocation => invocation.IsOver)) return InvocationStatus.InProgress;
        if (statuses.Contains(InvocationStatus.Failed)) return InvocationStatus.Failed;
        if (statuses.Contains(InvocationStatus.TimedOut)) return InvocationStatus.TimedOut;
        return statuses.Contains(InvocationStatus.Cancelled) ? InvocationStatus.Cancelled : InvocationStatus.Success;
    }

    private static string Details(InvocationStatus status) => status == InvocationStatus.TimedOut ? "ExecutionTimedOut" : status.ToString();

    private JsonObject PluginView(CommandRecord command, InvocationRecord invocation)
    {
        var view = new JsonObject
        {
            ["Name"] = Plugin,
            ["Status"] = invocation.Status == InvocationStatus.Cancelling ? nameof(InvocationStatus.InProgress) : invocation.Status.ToString(),
            ["StatusDetails"] = Details(invocation.Status),
            ["ResponseCode"] = invocation.ResponseCode,
            ["Output"] = invocation.IsOver ? store.Output(command.Id, invocation.InstanceId).PluginOutput(invocation) : "",
            ["StandardOutputUrl"] = "",
            ["StandardErrorUrl"] = "",
            ["OutputS3BucketName"] = "",
            ["OutputS3KeyPrefix"] = "",
        };
        if (invocation.Started is { } started) view["ResponseStartDateTime"] = started.ToIso();
        if (invocation.Finished is { } finished) view["ResponseFinishDateTime"] = finished.ToIso();
        return view;
    }

    private static JsonObject Map(Dictionary<string, List<string>> values) =>
        new(values.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value.ToTexts())));
}
