namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Signals are the program's affair, not each server's in it: the hosts' own lifetime would swallow them.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
