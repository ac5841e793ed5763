using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>Looks how busy each instance's services keep the processors. An instance has as many as this machine.</summary>
internal sealed class InstanceMetrics(InstanceRuntime runtime, TimeProvider time) : IMetricSource
{
    // USER_HZ: what /proc counts in, on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    private readonly Dictionary<string, (long Ticks, long At)> last = new(StringComparer.Ordinal);

    public Task MeasureAsync(IMetricSink sink, CancellationToken cancellationToken)
    {
        var running = runtime.MainProcesses;
        foreach (var (instance, processes) in running)
        {
            var now = (Ticks: processes.Sum(process => ProcStat.Read(process.Pid) is { } stat && stat.StartTicks == process.StartTicks ? stat.ProcessorTicks : 0), At: time.GetTimestamp());
            if (last.TryGetValue(instance, out var before) && now.Ticks >= before.Ticks)
            {
                var seconds = time.GetElapsedTime(before.At, now.At).TotalSeconds;
                var busy = (now.Ticks - before.Ticks) / TicksPerSecond / Environment.ProcessorCount;
                if (seconds > 0) sink.Series("AWS/EC2", "CPUUtilization", "Percent", ("InstanceId", instance)).Add(Math.Clamp(100 * busy / seconds, 0, 100));
            }

            last[instance] = now;
        }

        foreach (var gone in last.Keys.Where(instance => !running.ContainsKey(instance)).ToList()) last.Remove(gone);
        return Task.CompletedTask;
    }
}
