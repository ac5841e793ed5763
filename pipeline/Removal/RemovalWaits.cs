using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Deletes what AWS may still report as in use, or as on its way out.</summary>
public sealed class RemovalWaits(EnvironmentSettings settings, Waiter waiter)
{
    private Pace Pace => settings.Waits.Pace(settings.Waits.DataStoreSeconds);

    /// <summary>Deletes something, again and again while it is in use.</summary>
    /// <param name="what">For people, e.g. <c>security group sync2-sg-web</c>.</param>
    /// <param name="delete">The call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was there.</returns>
    public Task<bool> DeleteAsync(string what, Func<CancellationToken, Task> delete, CancellationToken cancellationToken) =>
        waiter.UntilAsync($"{what} to be removed", Pace, async token =>
        {
            try
            {
                return Poll.Done(await AwsErrors.IfThereAsync(() => delete(token)));
            }
            catch (AmazonServiceException exception) when (exception.IsInUse())
            {
                return Poll.NotYet<bool>($"still in use ({exception.ErrorCode})");
            }
        }, cancellationToken);

    /// <summary>Waits until a look finds nothing.</summary>
    /// <param name="what">For people.</param>
    /// <param name="look">The state that is left, or null if it is gone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task GoneAsync(string what, Func<CancellationToken, Task<string?>> look, CancellationToken cancellationToken) =>
        waiter.UntilAsync($"{what} to be gone", Pace, async token =>
            await look(token) is { } left ? Poll.NotYet<bool>(left) : Poll.Done(true), cancellationToken);
}
