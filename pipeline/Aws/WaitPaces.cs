using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Aws;

/// <summary>Paces from an environment's settings.</summary>
public static class WaitPaces
{
    /// <summary>A pace with the environment's poll intervals and a deadline.</summary>
    /// <param name="waits">The environment's intervals.</param>
    /// <param name="deadlineSeconds">When to give up.</param>
    public static Pace Pace(this WaitSettings waits, double deadlineSeconds)
    {
        ArgumentNullException.ThrowIfNull(waits);
        return new Pace(TimeSpan.FromSeconds(waits.PollSeconds), TimeSpan.FromSeconds(waits.MaxPollSeconds), TimeSpan.FromSeconds(deadlineSeconds));
    }
}
