using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Local;

/// <summary>
/// One run at a time looks for LocalCloud and starts it; another that comes meanwhile waits, and then finds it running. The system's
/// own lock on a file: it ends with the process that holds it, however that ends.
/// </summary>
internal static class StartLock
{
    // Who holds it may be installing what LocalCloud needs.
    private static readonly Pace Patience = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

    /// <summary>Waits for it. Disposing of it gives it back; the file stays.</summary>
    /// <exception cref="Errors.PipelineException">Another run holds it for too long.</exception>
    public static async Task<IDisposable> TakeAsync(string stateDirectory, Waiter waiter, CancellationToken cancellationToken)
    {
        var file = Path.Combine(stateDirectory, "start.lock");
        return TryTake(file) ?? await waiter.UntilAsync("another run that starts LocalCloud", Patience, _ =>
            Task.FromResult(TryTake(file) is { } taken ? Poll.Done(taken) : Poll.NotYet<FileStream>($"{file} is locked")), cancellationToken);
    }

    private static FileStream? TryTake(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (taken.GetType() == typeof(IOException))
        {
            return null;
        }
    }
}
