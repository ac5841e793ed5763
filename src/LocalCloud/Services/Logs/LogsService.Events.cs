using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Logs;

/// <summary>The operations of streams and events.</summary>
internal sealed partial class LogsService
{
    private const int MostEvents = 10_000;
    private const int MostBytes = 1024 * 1024;
    private const int BytesOfAnEvent = 26;
    private static readonly TimeSpan LongestSpan = TimeSpan.FromHours(24);
    private static readonly TimeSpan OldestTaken = TimeSpan.FromDays(14);
    private static readonly TimeSpan YoungestTaken = TimeSpan.FromHours(2);

    private JsonObject CreateLogStream(JsonObject input)
    {
        var (group, name) = (Group(input), input.Required("logStreamName"));
        if (!group.Streams.TryAdd(name, context.Time.GetUtcNow())) throw new AwsException("ResourceAlreadyExistsException", "The specified log stream already exists");
        streams[(group.Name, name)] = new LogStream(PathOf(group.Name, name));
        Save();
        return [];
    }

    private JsonObject DescribeLogStreams(JsonObject input)
    {
        var group = Group(input);
        var byTime = input.Text("orderBy") == "LastEventTime";
        var prefix = input.Text("logStreamNamePrefix");
        if (byTime && prefix is not null) throw Invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        var found = group.Streams.Keys.Where(name => prefix is null || name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (byTime) found = [.. found.OrderBy(name => streams[(group.Name, name)].Events.Select(one => one.At).DefaultIfEmpty().Max())];
        if (input.Flag("descending") == true) found.Reverse();
        return Page(input, "logStreams", found, name => name, name => StreamShape(group, name));
    }

    private JsonObject StreamShape(LogGroupRecord group, string name)
    {
        var events = streams[(group.Name, name)].Events;
        var shown = new JsonObject
        {
            ["logStreamName"] = name,
            ["creationTime"] = group.Streams[name].ToUnixTimeMilliseconds(),
            ["arn"] = $"{Arn(group.Name)}:log-stream:{name}",
            ["storedBytes"] = 0,
        };
        if (events.Count == 0) return shown;
        shown["firstEventTimestamp"] = events.Min(one => one.At);
        shown["lastEventTimestamp"] = events.Max(one => one.At);
        shown["lastIngestionTime"] = events[^1].Taken;
        return shown;
    }

    private JsonObject PutLogEvents(JsonObject input)
    {
        var group = Group(input);
        var stream = streams.GetValueOrDefault((group.Name, input.Required("logStreamName"))) ?? throw Missing("log stream");
        var given = input.Structures("logEvents").Select(one => (At: (long)one["timestamp"]!, Message: (string)one["message"]!)).ToList();
        if (given.Count is 0 or > MostEvents) throw Invalid($"A batch has 1 to {MostEvents} log events.");
        if (given.Sum(one => Encoding.UTF8.GetByteCount(one.Message) + BytesOfAnEvent) > MostBytes) throw Invalid($"Upload too large: more than {MostBytes} bytes.");
        if (given.Zip(given.Skip(1)).Any(pair => pair.First.At > pair.Second.At)) throw Invalid("Log events in a single PutLogEvents request must be in chronological order.");
        if (given[^1].At - given[0].At > LongestSpan.TotalMilliseconds) throw Invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");

        var now = context.Time.GetUtcNow();
        var (tooOld, tooNew) = ((now - OldestTaken).ToUnixTimeMilliseconds(), (now + YoungestTaken).ToUnixTimeMilliseconds());
        var taken = given.Where(one => one.At >= Math.Max(tooOld, Oldest(group)) && one.At <= tooNew).Select(one => new LogEvent(++lastId, one.At, now.ToUnixTimeMilliseconds(), one.Message)).ToList();
        stream.Add(taken, Oldest(group));
        var output = new JsonObject { ["nextSequenceToken"] = lastId.ToString("D56", CultureInfo.InvariantCulture) };
        if (taken.Count < given.Count) output["rejectedLogEventsInfo"] = Rejected(given.Select(one => one.At).ToList(), tooOld, Oldest(group), tooNew);
        return output;
    }

    private static JsonObject Rejected(List<long> times, long tooOld, long expired, long tooNew)
    {
        var info = new JsonObject();
        if (times.Count(at => at < tooOld) is > 0 and var old) info["tooOldLogEventEndIndex"] = old;
        if (times.Count(at => at < expired) is > 0 and var gone && expired > tooOld) info["expiredLogEventEndIndex"] = gone;
        if (times.FindIndex(at => at > tooNew) is >= 0 and var first) info["tooNewLogEventStartIndex"] = first;
        return info;
    }

    private JsonObject GetLogEvents(JsonObject input)
    {
        var group = Group(input);
        var stream = streams.GetValueOrDefault((group.Name, input.Required("logStreamName"))) ?? throw Missing("log stream");
        var all = Within(input, group, stream.Events).OrderBy(one => one.At).ThenBy(one => one.Id).ToList();
        var limit = input.Number("limit") ?? MostEvents;
        var start = (input.Text("nextToken"), input.Flag("startFromHead") == true) switch
        {
            ({ } token, _) => Position(token, all.Count, limit),
            (null, true) => 0,
            _ => Math.Max(0, all.Count - limit),
        };
        var page = all.Skip(start).Take(limit).ToList();
        return new JsonObject
        {
            ["events"] = page.Select(one => new JsonObject { ["timestamp"] = one.At, ["message"] = one.Message, ["ingestionTime"] = one.Taken }).ToJson(),
            ["nextForwardToken"] = $"f/{start + page.Count}",
            ["nextBackwardToken"] = $"b/{start}",
        };
    }

    private static int Position(string token, int count, int limit)
    {
        if (token.Split('/') is not [var way and ("f" or "b"), var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            throw Invalid("The specified nextToken is invalid.");
        return way == "f" ? Math.Min(at, count) : Math.Max(0, at - limit);
    }

    private JsonObject FilterLogEvents(JsonObject input)
    {
        var group = Group(input);
        var pattern = Pattern(input.Text("filterPattern"));
        var (names, prefix) = (input.Texts("logStreamNames"), input.Text("logStreamNamePrefix"));
        if (names.Count > 0 && prefix is not null) throw Invalid("logStreamNames and logStreamNamePrefix are mutually exclusive.");
        if (names.Find(name => !group.Streams.ContainsKey(name)) is not null) throw Missing("log stream");
        var after = input.Text("nextToken") is { } token ? After(token) : (At: long.MinValue, Id: long.MinValue);
        var found = group.Streams.Keys.Where(name => names.Count == 0 || names.Contains(name)).Where(name => prefix is null || name.StartsWith(prefix, StringComparison.Ordinal))
            .SelectMany(name => Within(input, group, streams[(group.Name, name)].Events).Select(one => (Stream: name, Event: one)))
            .Where(one => one.Event.At > after.At || (one.Event.At == after.At && one.Event.Id > after.Id))
            .OrderBy(one => one.Event.At).ThenBy(one => one.Event.Id)
            .Where(one => pattern.Matches(one.Event.Message));

        // A page ends where its events would be more than a megabyte.
        var bytes = 0L;
        var limit = input.Number("limit") ?? MostEvents;
        var page = found.Take(limit + 1).TakeWhile(one => (bytes += one.Event.Message.Length + BytesOfAnEvent) <= MostBytes || bytes == one.Event.Message.Length + BytesOfAnEvent).ToList();
        var more = page.Count > limit || bytes > MostBytes;
        if (page.Count > limit) page.RemoveAt(limit);
        var output = new JsonObject
        {
            ["events"] = page.Select(one => new JsonObject
            {
                ["logStreamName"] = one.Stream,
                ["timestamp"] = one.Event.At,
                ["message"] = one.Event.Message,
                ["ingestionTime"] = one.Event.Taken,
                ["eventId"] = one.Event.Id.ToString("D56", CultureInfo.InvariantCulture),
            }).ToJson(),
            ["searchedLogStreams"] = new JsonArray(),
        };
        if (more && page.Count > 0) output["nextToken"] = $"{page[^1].Event.At}/{page[^1].Event.Id}";
        return output;
    }

    private IEnumerable<LogEvent> Within(JsonObject input, LogGroupRecord group, IReadOnlyList<LogEvent> events)
    {
        var from = Math.Max((long?)input["startTime"] ?? 0, Oldest(group));
        var to = (long?)input["endTime"] ?? long.MaxValue;
        return events.Where(one => one.At >= from && one.At < to);
    }

    private static (long At, long Id) After(string token) =>
        token.Split('/') is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (time, number) : throw Invalid("The specified nextToken is invalid.");

    private static FilterPattern Pattern(string? text)
    {
        try
        {
            return FilterPattern.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw Invalid($"Invalid filter pattern: {wrong.Message}");
        }
    }
}
