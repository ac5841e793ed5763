using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Instances;

/// <summary>
/// How instances go from state to state. Transitions are data (a state and when it is over); the runtime is told
/// when one begins, and a stop is over only when the processes are gone too.
/// </summary>
internal sealed partial class Lifecycle(CloudContext context, IInstanceRuntime runtime, ILogger logger)
{
    private static readonly TimeSpan Pending = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Stopping = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ShuttingDown = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    // Whoever polls for "terminated" must still find it, however fast the clock goes.
    private static readonly TimeSpan RememberedAtLeast = TimeSpan.FromMinutes(5);

    /// <summary>Status checks are <c>initializing</c> for this long after an instance runs.</summary>
    public static readonly TimeSpan StatusChecks = TimeSpan.FromSeconds(90);

    /// <summary>When the next transition is due, or null. One that waits for processes is settled when they end.</summary>
    public static DateTimeOffset? NextDue(Ec2State state) => state.Instances
        .Where(instance => instance.State == InstanceState.Pending || instance.ProcessesEnded)
        .Min(instance => instance.Due);

    /// <summary>Makes every transition that is due. True if there was one.</summary>
    public bool Settle(Ec2State state, DateTimeOffset now)
    {
        var changed = false;
        foreach (var instance in state.Instances.Where(instance => instance.Due <= now))
        {
            switch (instance.State)
            {
                case InstanceState.Pending:
                    instance.State = InstanceState.Running;
                    instance.RunningSince = now;
                    instance.Due = null;
                    changed = true;
                    runtime.Boot(instance);
                    LogBecame(instance.Id, "running");
                    break;
                case InstanceState.Stopping when instance.ProcessesEnded:
                    instance.State = InstanceState.Stopped;
                    instance.Due = null;
                    changed = true;
                    LogBecame(instance.Id, "stopped");
                    break;
                case InstanceState.ShuttingDown when instance.ProcessesEnded:
                    Terminated(state, instance, now);
                    changed = true;
                    break;
            }
        }

        return Forget(state, now) || changed;
    }

    /// <summary>A new or stopped instance becomes pending.</summary>
    public void Start(InstanceRecord instance, DateTimeOffset now)
    {
        instance.State = InstanceState.Pending;
        instance.LaunchTime = now;
        instance.Due = now + context.Scale.Of(Pending);
        instance.ProcessesEnded = false;
        Reason(instance, "", null, null);
    }

    /// <summary>A pending or running instance stops.</summary>
    public void Stop(InstanceRecord instance, DateTimeOffset now, bool fromWithin = false)
    {
        instance.State = InstanceState.Stopping;
        instance.Due = now + context.Scale.Of(Stopping);
        if (fromWithin)
            Reason(instance, "", "Client.InstanceInitiatedShutdown", "Client.InstanceInitiatedShutdown: Instance initiated shutdown");
        else
            Reason(instance, $"User initiated ({Stamp(now)})", "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");
        End(instance);
    }

    /// <summary>An instance in any state ends for good.</summary>
    public void Terminate(InstanceRecord instance, DateTimeOffset now, bool fromWithin = false)
    {
        if (instance.State is InstanceState.ShuttingDown or InstanceState.Terminated) return;
        var hadProcesses = instance.State is not InstanceState.Stopped;
        instance.State = InstanceState.ShuttingDown;
        instance.Due = now + context.Scale.Of(ShuttingDown);
        if (fromWithin)
            Reason(instance, "", "Client.InstanceInitiatedShutdown", "Client.InstanceInitiatedShutdown: Instance initiated shutdown");
        else
            Reason(instance, $"User initiated ({Stamp(now)})", "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");
        if (hadProcesses) End(instance);
        else instance.ProcessesEnded = true;
    }

    /// <summary>The machine under an instance failed.</summary>
    public void Fail(InstanceRecord instance, DateTimeOffset now, string message)
    {
        if (instance.State is InstanceState.ShuttingDown or InstanceState.Terminated) return;
        Terminate(instance, now);
        Reason(instance, "Server.InternalError", "Server.InternalError", $"Server.InternalError: {message}");
    }

    /// <summary>After a restart of LocalCloud: what should run or end goes on.</summary>
    public void Resume(Ec2State state)
    {
        foreach (var instance in state.Instances)
        {
            switch (instance.State)
            {
                case InstanceState.Running:
                    runtime.Resume(instance);
                    break;
                case InstanceState.Stopping or InstanceState.ShuttingDown when !instance.ProcessesEnded:
                    runtime.Stop(instance.Id);
                    break;
            }
        }
    }

    private void End(InstanceRecord instance)
    {
        instance.ProcessesEnded = false;
        runtime.Stop(instance.Id);
    }

    private void Terminated(Ec2State state, InstanceRecord instance, DateTimeOffset now)
    {
        instance.State = InstanceState.Terminated;
        instance.Due = null;
        instance.TerminatedAt = now;
        instance.RunningSince = null;
        foreach (var volume in state.Volumes.FindAll(volume => volume.InstanceId == instance.Id)) LetGo(state, volume);
        runtime.Discard(instance.Id);
        LogBecame(instance.Id, "terminated");
    }

    /// <summary>What an instance started from goes with it; what was attached to it stays, and is available again.</summary>
    private static void LetGo(Ec2State state, VolumeRecord volume)
    {
        if (!volume.IsRoot)
        {
            (volume.InstanceId, volume.Device, volume.Attached) = (null, null, null);
            return;
        }

        state.Volumes.Remove(volume);
        state.Tags.Remove(volume.Id);
    }

    private bool Forget(Ec2State state, DateTimeOffset now)
    {
        var remembered = context.Scale.Of(Remembered);
        if (remembered < RememberedAtLeast) remembered = RememberedAtLeast;
        var forgotten = state.Instances.FindAll(instance => instance.TerminatedAt + remembered <= now);
        foreach (var instance in forgotten)
        {
            state.Instances.Remove(instance);
            state.Tags.Remove(instance.Id);
            if (instance.ClientToken is { } token && !state.Instances.Exists(other => other.ReservationId == instance.ReservationId))
                state.Launches.Remove(token);
            runtime.Forget(instance.Id);
        }

        return forgotten.Count > 0;
    }

    private static void Reason(InstanceRecord instance, string transition, string? code, string? message) =>
        (instance.TransitionReason, instance.ReasonCode, instance.ReasonMessage) = (transition, code, message);

    private static string Stamp(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'GMT'", System.Globalization.CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "The instance {Id} is {State}")]
    private partial void LogBecame(string id, string state);
}
