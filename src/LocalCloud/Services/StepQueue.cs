namespace SyncStorage.LocalCloud.Services;

/// <summary>Runs steps one after the other in the background. A step handles its own failures.</summary>
internal sealed class StepQueue
{
    private readonly Lock gate = new();
    private Task tail = Task.CompletedTask;

    /// <summary>Completes when all steps asked for so far are done.</summary>
    public Task Idle
    {
        get
        {
            lock (gate) return tail;
        }
    }

    public void Then(Func<Task> step)
    {
        lock (gate) tail = AfterAsync(tail, step);
    }

    private static async Task AfterAsync(Task before, Func<Task> step)
    {
        // Never on the caller's thread, which holds locks.
        await Task.Yield();
        // One that failed in spite of itself (no disk for its status) must not take the later ones with it.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await step();
    }
}
