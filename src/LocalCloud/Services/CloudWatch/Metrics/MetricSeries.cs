using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>
/// The figures of one series: by the second for a quarter of an hour, by the minute for a day. Older ones are forgotten, and none outlives LocalCloud.
/// </summary>
internal sealed class MetricSeries(MetricKey key, string unit, TimeProvider time) : IMetricSeries
{
    /// <summary>How long seconds are told apart.</summary>
    public static readonly TimeSpan Fine = TimeSpan.FromMinutes(15);

    /// <summary>How long minutes are told apart.</summary>
    public static readonly TimeSpan Coarse = TimeSpan.FromDays(1);

    private const long Minute = 60;

    private readonly Lock gate = new();
    private readonly Spans seconds = new(1, Fine);
    private readonly Spans minutes = new(Minute, Coarse);
    private readonly Figures total = new();
    private double last;

    public MetricKey Key => key;

    public string Unit { get; private set; } = unit;

    public void Add(double value) => Add(time.GetUtcNow(), figures => figures.Add(value), value);

    /// <summary>Adds figures of a time that a client names.</summary>
    public void Add(DateTimeOffset when, string? unitOfThese, Action<Figures> add, double newest)
    {
        if (unitOfThese is not null) Unit = unitOfThese;
        Add(when, add, newest);
    }

    /// <summary>What was added between two points in time, the second excluded; null if nothing. Both are whole seconds; whole minutes beyond <see cref="Fine"/>.</summary>
    public Figures? Between(long from, long to)
    {
        lock (gate)
        {
            var isFine = from >= time.GetUtcNow().ToUnixTimeSeconds() - (long)Fine.TotalSeconds;
            return (isFine ? seconds : minutes).Between(from, to);
        }
    }

    /// <summary>Everything since LocalCloud started, and the figure that came last.</summary>
    public (double Count, double Sum, double Last) Total
    {
        get
        {
            lock (gate) return (total.Count, total.Sum, last);
        }
    }

    /// <summary>Whether anything came lately.</summary>
    public bool IsActiveSince(DateTimeOffset moment)
    {
        lock (gate) return minutes.Newest is { } newest && newest + Minute > moment.ToUnixTimeSeconds();
    }

    private void Add(DateTimeOffset when, Action<Figures> add, double newest)
    {
        var (second, now) = (when.ToUnixTimeSeconds(), time.GetUtcNow().ToUnixTimeSeconds());
        lock (gate)
        {
            seconds.Add(second, now, add);
            minutes.Add(second, now, add);
            add(total);
            last = newest;
        }
    }

    /// <summary>Figures by equal spans of time.</summary>
    private sealed class Spans(long length, TimeSpan kept)
    {
        private readonly SortedDictionary<long, Figures> spans = [];

        public long? Newest { get; private set; }

        public void Add(long second, long now, Action<Figures> add)
        {
            var oldest = now - (long)kept.TotalSeconds;
            if (second < oldest) return;
            var start = second - (second % length);
            if (!spans.TryGetValue(start, out var figures))
            {
                spans[start] = figures = new Figures();
                while (spans.Keys.First() + length <= oldest) spans.Remove(spans.Keys.First());
            }

            add(figures);
            if (Newest is not { } newest || newest < start) Newest = start;
        }

        public Figures? Between(long from, long to)
        {
            Figures? result = null;
            if (to - from <= length * 4)
            {
                for (var at = from - (from % length); at < to; at += length)
                {
                    if (at >= from && spans.TryGetValue(at, out var figures)) (result ??= new Figures()).Add(figures);
                }

                return result;
            }

            foreach (var (at, figures) in spans)
            {
                if (at >= to) break;
                if (at >= from) (result ??= new Figures()).Add(figures);
            }

            return result;
        }
    }
}
