using System.Globalization;

namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>How busy the machine is: processors, memory, disk. On a machine without <c>/proc</c> only the disk is known.</summary>
/// <param name="proc">The folder, <c>/proc</c> but in tests.</param>
/// <param name="folder">A folder of the disk that matters.</param>
internal sealed class HostFigures(string proc, string folder)
{
    // user nice system idle iowait irq softirq steal: idle is what waits, too.
    private const int Idle = 3;
    private const int Waiting = 4;
    private const int KnownTimes = 8;

    private (long Busy, long All)? last;

    /// <summary>What is known now; of processors, since the last time.</summary>
    public IEnumerable<(string Name, double Percent)> Measure()
    {
        if (Processors() is { } processors) yield return ("ProcessorPercent", processors);
        if (Memory() is { } memory) yield return ("MemoryPercent", memory);
        var disk = new DriveInfo(folder);
        if (disk.TotalSize > 0) yield return ("DiskPercent", 100.0 * (disk.TotalSize - disk.AvailableFreeSpace) / disk.TotalSize);
    }

    private double? Processors()
    {
        if (Read("stat")?.FirstOrDefault(line => line.StartsWith("cpu ", StringComparison.Ordinal)) is not { } line) return null;
        var times = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(KnownTimes).Select(time => long.Parse(time, CultureInfo.InvariantCulture)).ToArray();
        if (times.Length <= Waiting) return null;
        var all = times.Sum();
        var now = (Busy: all - times[Idle] - times[Waiting], All: all);
        var before = last;
        last = now;
        return before is { } seen && now.All > seen.All ? Math.Clamp(100.0 * (now.Busy - seen.Busy) / (now.All - seen.All), 0, 100) : null;
    }

    private double? Memory()
    {
        if (Read("meminfo") is not { } lines) return null;
        long? Of(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kib, ..]
            ? long.Parse(kib, CultureInfo.InvariantCulture) : null;
        return Of("MemTotal:") is { } total and > 0 && Of("MemAvailable:") is { } available ? 100.0 * (total - available) / total : null;
    }

    private string[]? Read(string name)
    {
        var path = Path.Combine(proc, name);
        return File.Exists(path) ? File.ReadAllLines(path) : null;
    }
}
