using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Instances;

namespace SyncStorage.LocalCloud.Services.Ec2.State;

/// <summary>
/// EC2's state behind its lock. Before anybody sees it, what became due is settled; a timer settles what nobody asks for.
/// </summary>
internal sealed partial class Ec2Store : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly StateFile<Ec2State> file;
    private readonly Ec2State state;
    private readonly Lifecycle lifecycle;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly ILogger logger;

    public Ec2Store(CloudContext context, Lifecycle lifecycle, ILogger logger)
    {
        this.lifecycle = lifecycle;
        this.logger = logger;
        time = context.Time;
        file = new StateFile<Ec2State>(context.StateDirectory, "ec2");
        state = file.Load();
        timer = time.CreateTimer(_ => Settle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    private void Settle()
    {
        try
        {
            Change(static _ => true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nobody waits for a timer: what it throws would end the program.
            LogNotSaved(failure);
            timer.Change(RetryAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private void Save()
    {
        file.Save(state);
        var wait = Lifecycle.NextDue(state) is { } due ? due - Now : Timeout.InfiniteTimeSpan;
        if (wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan) wait = TimeSpan.Zero;
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of EC2 could not be saved")]
    private partial void LogNotSaved(Exception exception);
}
