using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Instances;

namespace SyncStorage.LocalCloud.Services.Ec2.State;

/// <summary>
/// EC2's state behind its lock. Before anybody sees it, what became due is settled; a timer settles what nobody asks for.
/// </summary>
internal sealed class Ec2Store : IDisposable
{
    private readonly Lock gate = new();
    private readonly StateFile<Ec2State> file;
    private readonly Ec2State state;
    private readonly Lifecycle lifecycle;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public Ec2Store(CloudContext context, Lifecycle lifecycle)
    {
        this.lifecycle = lifecycle;
        time = context.Time;
        file = new StateFile<Ec2State>(context.StateDirectory, "ec2");
        state = file.Load();
        timer = time.CreateTimer(_ => Change(static _ => true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Looks at the state, without changing it.</summary>
    public T Read<T>(Func<Ec2State, T> read)
    {
        lock (gate)
        {
            if (lifecycle.Settle(state, Now)) Save();
            return read(state);
        }
    }

    /// <summary>Changes the state and saves it. If <paramref name="change"/> throws, it must have changed nothing.</summary>
    public T Change<T>(Func<Ec2State, T> change)
    {
        lock (gate)
        {
            lifecycle.Settle(state, Now);
            try
            {
                return change(state);
            }
            finally
            {
                lifecycle.Settle(state, Now);
                Save();
            }
        }
    }

    public void Dispose() => timer.Dispose();

    private void Save()
    {
        file.Save(state);
        var wait = Lifecycle.NextDue(state) is { } due ? due - Now : Timeout.InfiniteTimeSpan;
        if (wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan) wait = TimeSpan.Zero;
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
