using System.Text.Json;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Logs;

/// <summary>The events of one stream, in memory and in a file of JSON lines; the newest <see cref="Most"/> of them. Guarded by the service's lock.</summary>
internal sealed class LogStream
{
    /// <summary>How many events a stream keeps.</summary>
    public const int Most = 100_000;

    private readonly string path;
    private readonly List<LogEvent> events = [];

    /// <summary>Reads what is there.</summary>
    public LogStream(string path)
    {
        this.path = path;
        if (!File.Exists(path)) return;
        foreach (var line in File.ReadLines(path))
        {
            // The last line may be half of one: LocalCloud was killed.
            if (TryRead(line) is { } read) events.Add(read);
        }
    }

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<LogEvent> Events => events;

    public long Bytes { get; private set; }

    /// <summary>Adds events, and forgets those that are too old or too many.</summary>
    public void Add(IReadOnlyList<LogEvent> added, long oldest)
    {
        events.AddRange(added);
        PrivateFile.CreateDirectory(Path.GetDirectoryName(path)!);
        if (events.Count > Most + (Most / 4) || (events.Count > 0 && events[0].At < oldest))
        {
            events.RemoveAll(one => one.At < oldest);
            if (events.Count > Most) events.RemoveRange(0, events.Count - Most);
            File.WriteAllLines(path, events.Select(one => JsonSerializer.Serialize(one)));
        }
        else
        {
            File.AppendAllLines(path, added.Select(one => JsonSerializer.Serialize(one)));
        }

        Bytes += added.Sum(one => one.Message.Length + 26L);
    }

    public void Remove() => File.Delete(path);

    private static LogEvent? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<LogEvent>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
