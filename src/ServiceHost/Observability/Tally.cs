namespace SyncStorage.ServiceHost.Observability;

/// <summary>A number that only grows, counted from any thread.</summary>
internal sealed class Tally
{
    private long value;

    public long Value => Interlocked.Read(ref value);

    public void Add(long more = 1) => Interlocked.Add(ref value, more);
}
