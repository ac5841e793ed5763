using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Alarms;

namespace SyncStorage.LocalCloud.Services.CloudWatch;

/// <summary>The operations of alarms, and their evaluation.</summary>
internal sealed partial class CloudWatchService
{
    private const int MostAlarmsOfACall = 100;

    private static readonly string[] States = [AlarmRecord.Ok, AlarmRecord.Alarm, AlarmRecord.Insufficient];

    /// <summary>Whether any alarm is there: who measures looks more often then.</summary>
    public bool HasAlarms
    {
        get
        {
            lock (gate) return state.Alarms.Count > 0;
        }
    }

    /// <summary>Looks at all alarms, and says what changed.</summary>
    public void EvaluateAlarms()
    {
        lock (gate)
        {
            var changed = false;
            foreach (var alarm in state.Alarms.Values)
            {
                var rule = rules[alarm.Name];
                var verdict = AlarmEvaluation.Judge(rule, metrics, context.Time.GetUtcNow().ToUnixTimeSeconds(), LocalPeriod(rule.Period));
                if (verdict.State is { } next && next != alarm.State) changed |= Transition(alarm, next, verdict.Reason);
            }

            if (changed) Save();
        }
    }

    /// <summary>How long an alarm's period lasts here: scaled, in whole seconds, and in whole minutes where it is longer than one.</summary>
    internal long LocalPeriod(int seconds)
    {
        var scaled = Math.Max(1, (long)Math.Round(seconds * context.Scale.Factor));
        return scaled < 60 ? scaled : scaled - (scaled % 60);
    }

    private ApiResult PutMetricAlarm(ApiCall call)
    {
        var name = call.Input.Required("AlarmName");
        var settings = (JsonObject)call.Input.DeepClone();
        settings.Remove("AlarmName");
        settings.Remove("Tags");
        settings["ActionsEnabled"] = call.Input.Flag("ActionsEnabled") ?? true;
        var rule = AlarmRule.Parse(settings);
        lock (gate)
        {
            var now = context.Time.GetUtcNow();
            if (!state.Alarms.TryGetValue(name, out var alarm))
            {
                // As on AWS, tags are taken of new alarms only.
                state.Alarms[name] = alarm = new AlarmRecord { Name = name, UpdatedAt = now, TransitionedAt = now };
                foreach (var (key, value) in call.Input.Tags("Tags")) alarm.Tags[key] = value;
            }

            alarm.Settings = settings;
            alarm.ConfiguredAt = now;
            rules[name] = rule;
            Save();
        }

        return ApiResult.Empty;
    }

    private ApiResult DescribeAlarms(ApiCall call)
    {
        var (names, prefix, value) = (call.Input.Texts("AlarmNames"), call.Input.Text("AlarmNamePrefix"), call.Input.Text("StateValue"));
        if (names.Count > 0 && prefix is not null) throw new AwsException("ValidationError", "AlarmNamePrefix and AlarmNames cannot be used together.");
        if (names.Count > MostAlarmsOfACall) throw new AwsException("ValidationError", $"At most {MostAlarmsOfACall} alarms can be named.");
        var limit = call.Input.Number("MaxRecords") ?? 50;
        var after = call.Input.Text("NextToken");
        lock (gate)
        {
            var found = state.Alarms.Values
                .Where(alarm => names.Count == 0 || names.Contains(alarm.Name))
                .Where(alarm => prefix is null || alarm.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Where(alarm => value is null || alarm.State == value)
                .Where(alarm => after is null || string.CompareOrdinal(alarm.Name, after) > 0)
                .ToList();
            var page = found.Take(names.Count > 0 ? found.Count : limit).ToList();
            var output = new JsonObject { ["MetricAlarms"] = page.Select(Shape).ToJson(), ["CompositeAlarms"] = new JsonArray() };
            if (page.Count < found.Count) output["NextToken"] = page[^1].Name;
            return output;
        }
    }

    private ApiResult DeleteAlarms(ApiCall call)
    {
        var names = call.Input.Texts("AlarmNames");
        if (names.Count > MostAlarmsOfACall) throw new AwsException("ValidationError", $"At most {MostAlarmsOfACall} alarms can be named.");
        lock (gate)
        {
            // All of them, or none.
            if (names.Find(name => !state.Alarms.ContainsKey(name)) is not null) throw new AwsException("ResourceNotFound", $"Alarms not found: {string.Join(", ", names.Where(name => !state.Alarms.ContainsKey(name)))}", 404);
            foreach (var name in names)
            {
                state.Alarms.Remove(name);
                rules.Remove(name);
            }

            Save();
        }

        return ApiResult.Empty;
    }

    private ApiResult SetAlarmState(ApiCall call)
    {
        var (name, value) = (call.Input.Required("AlarmName"), call.Input.Required("StateValue"));
        if (!States.Contains(value)) throw new AwsException("ValidationError", $"The value '{value}' at 'stateValue' must be one of {string.Join(", ", States)}.");
        lock (gate)
        {
            var alarm = state.Alarms.GetValueOrDefault(name) ?? throw new AwsException("ResourceNotFound", $"Alarm not found: {name}", 404);
            Transition(alarm, value, call.Input.Required("StateReason"));
            Save();
        }

        return ApiResult.Empty;
    }

    private bool Transition(AlarmRecord alarm, string next, string reason)
    {
        var now = context.Time.GetUtcNow();
        if (alarm.State != next)
        {
            var actions = (alarm.Settings.Flag("ActionsEnabled") ?? true)
                ? alarm.Settings.Texts(next switch { AlarmRecord.Ok => "OKActions", AlarmRecord.Alarm => "AlarmActions", _ => "InsufficientDataActions" })
                : [];
            LogTransition(alarm.Name, alarm.State, next, reason, actions.Count == 0 ? "nobody" : string.Join(", ", actions));
            alarm.TransitionedAt = now;
        }

        (alarm.State, alarm.Reason, alarm.UpdatedAt) = (next, reason, now);
        return true;
    }

    private JsonObject Shape(AlarmRecord alarm)
    {
        var shown = (JsonObject)alarm.Settings.DeepClone();
        shown["AlarmName"] = alarm.Name;
        shown["AlarmArn"] = AlarmArn(alarm.Name);
        shown["AlarmConfigurationUpdatedTimestamp"] = alarm.ConfiguredAt.ToTimestamp();
        shown["StateValue"] = alarm.State;
        shown["StateReason"] = alarm.Reason;
        shown["StateUpdatedTimestamp"] = alarm.UpdatedAt.ToTimestamp();
        shown["StateTransitionedTimestamp"] = alarm.TransitionedAt.ToTimestamp();
        foreach (var list in new[] { "OKActions", "AlarmActions", "InsufficientDataActions", "Dimensions" }) shown[list] ??= new JsonArray();
        return shown;
    }

    private string AlarmArn(string name) => $"arn:aws:cloudwatch:{context.Region}:{context.AccountId}:alarm:{name}";

    // Nobody is told: there is no SNS here. The log says who would have been.
    [LoggerMessage(LogLevel.Warning, "Alarm {Alarm}: {From} -> {To}: {Reason} Told: {Actions}")]
    private partial void LogTransition(string alarm, string from, string to, string reason, string actions);
}
