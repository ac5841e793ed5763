namespace SyncStorage.Pipeline.Reporting;

/// <summary>Which looks of waits become a line where output is no terminal: changes of state, and now and then a sign of life.</summary>
internal sealed class WaitThinning
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, (TimeSpan Elapsed, string State)> printed = [];

    public bool ShouldPrint(string what, TimeSpan elapsed, string state)
    {
        // What is over within a second isn't worth a line.
        if (elapsed < Silent)
            return false;
        var known = printed.TryGetValue(what, out var last) && last.Elapsed <= elapsed;
        var interval = elapsed < TimeSpan.FromMinutes(1) ? Often : Seldom;
        if (known && last.State == state && elapsed - last.Elapsed < interval)
            return false;
        printed[what] = (elapsed, state);
        return true;
    }

    public void Forget() => printed.Clear();
}
