using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Tests.Cache;

/// <summary>A memcached in memory.</summary>
internal sealed class FakeCache : ICacheClient
{
    private readonly Dictionary<string, CacheEntry> entries = [];
    private ulong unique;
    private bool unreachable;

    public int Interruptions { get; private set; }

    public bool Settled { get; set; } = true;

    public bool Unreachable
    {
        get => unreachable;
        set
        {
            unreachable = value;
            if (!value) Interruptions++;
        }
    }

    /// <summary>The largest value that it takes.</summary>
    public int Largest { get; set; } = 1024 * 1024;

    public int Count => entries.Count;

    public void Clear() => entries.Clear();

    /// <summary>Evicts the values whose keys end so.</summary>
    public void Evict(string suffix)
    {
        foreach (var key in entries.Keys.Where(key => key.EndsWith(suffix, StringComparison.Ordinal)).ToList()) entries.Remove(key);
    }

    public bool IsSettled(CacheUser user) => Settled;

    public bool IsLost(CacheUser user) => Unreachable;

    public Task PingAsync(CancellationToken cancellationToken) =>
        Unreachable ? Task.FromException(new CacheUnavailableException("out of reach")) : Task.CompletedTask;

    public ValueTask<CacheAnswer> RunAsync(CacheUser user, CacheCommand command) =>
        Unreachable ? ValueTask.FromException<CacheAnswer>(new CacheUnavailableException("out of reach")) : new(Run(command));

    public ValueTask<CacheAnswer[]> RunAsync(CacheUser user, params CacheCommand[] commands) =>
        Unreachable ? ValueTask.FromException<CacheAnswer[]>(new CacheUnavailableException("out of reach")) : new([.. commands.Select(Run)]);

    public async ValueTask InvalidateAsync(CacheUser user, params CacheCommand[] commands) => await RunAsync(user, commands);

    public ValueTask RunOnFormerAsync(CacheUser user, CacheCommand command) => ValueTask.CompletedTask;

    private CacheAnswer Run(CacheCommand command) => command.Verb switch
    {
        CacheVerb.Get => entries.TryGetValue(command.Key, out var entry) ? new(CacheOutcome.Done, entry) : new(CacheOutcome.NotDone),
        CacheVerb.Set => Store(command, true),
        CacheVerb.Add => Store(command, !entries.ContainsKey(command.Key)),
        CacheVerb.Replace => Store(command, entries.GetValueOrDefault(command.Key)?.Unique == command.Seen!.Unique),
        CacheVerb.Delete => new(entries.Remove(command.Key) ? CacheOutcome.Done : CacheOutcome.NotDone),
        CacheVerb.Touch => new(entries.ContainsKey(command.Key) ? CacheOutcome.Done : CacheOutcome.NotDone),
        CacheVerb.Version => new(CacheOutcome.Done),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private CacheAnswer Store(CacheCommand command, bool stores)
    {
        if (command.Value.Length > Largest) return new(CacheOutcome.Refused);
        if (!stores) return new(CacheOutcome.NotDone);
        entries[command.Key] = new CacheEntry(command.Value.ToArray(), ++unique, 0);
        return new(CacheOutcome.Done);
    }
}
