using System.Diagnostics;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Engine;

/// <summary>
/// Mounts the data volume. A volume that has no file system is a new one, and gets one; whatever has one is never formatted. Runs with the rights of root,
/// before the service.
/// </summary>
internal sealed class VolumeMount(NodeSettings settings, TimeProvider time, Func<string, IReadOnlyList<string>, CancellationToken, Task<int>> run)
{
    // As blkid says it: it looked, and found nothing that it knows.
    private const int NothingFound = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Mounts it, unless it is.</summary>
    /// <exception cref="DatabaseException">It does not come, or a step fails.</exception>
    public async Task MountAsync(CancellationToken cancellationToken)
    {
        var (device, place) = (settings.Device, settings.MountPoint);
        if (await run("mountpoint", ["-q", place], cancellationToken) == 0) return;
        await WaitAsync(device, cancellationToken);
        switch (await run("blkid", [device], cancellationToken))
        {
            case 0:
                break;
            case NothingFound:
                await RequireAsync("mkfs.xfs", ["-q", device], cancellationToken);
                break;
            case var code:
                throw new DatabaseException($"What is on {device} can't be told (blkid ended with {code}), and so it is not touched.");
        }

        Directory.CreateDirectory(place);
        await RequireAsync("mount", ["-o", "noatime", device, place], cancellationToken);
        if (settings.IsLocal) return;
        await RequireAsync("chown", ["syncstorage:syncstorage", place], cancellationToken);
        await RequireAsync("chmod", ["700", place], cancellationToken);
    }

    /// <summary>Runs a program of this machine, with its output among the service's.</summary>
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    // The pipeline attaches the volume once the instance runs.
    private async Task WaitAsync(string device, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!Path.Exists(device))
        {
            if (time.GetElapsedTime(started) > Patience) throw new DatabaseException($"No volume was attached as {device} within {Patience.TotalMinutes} minutes.");
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private async Task RequireAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (await run(program, arguments, cancellationToken) is not 0 and var code)
            throw new DatabaseException($"{program} {string.Join(' ', arguments)} ended with {code}.");
    }
}
