using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Storage;

/// <summary>All processes of an instance, stopped in their tracks until this is disposed.</summary>
internal sealed class FrozenInstance : IAsyncDisposable
{
    // One that was just starting another may have been stopped after the look at what there is.
    private const int MostLooks = 10;

    private readonly List<FrozenProcess> frozen = [];

    private FrozenInstance()
    {
    }

    /// <summary>Returns when none of them runs any more.</summary>
    /// <param name="root">The instance's root directory: all that runs there has it in its environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Lets them go on.</param>
    /// <exception cref="TimeoutException">One does not come to stand still.</exception>
    public static async Task<FrozenInstance> FreezeAsync(string root, TimeProvider time, CancellationToken cancellationToken)
    {
        var instance = new FrozenInstance();
        var known = new HashSet<int>();
        try
        {
            for (var look = 0; look < MostLooks; look++)
            {
                var found = Proc.WithEnvironment("DESTDIR", root).Where(process => known.Add(process.Pid)).ToList();
                if (found.Count == 0) return instance;
                foreach (var process in found) instance.frozen.Add(await FrozenProcess.FreezeAsync(process, time, cancellationToken));
            }

            throw new TimeoutException("The instance kept starting processes, so there is no snapshot of its volume.");
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in frozen) await process.DisposeAsync();
    }
}
