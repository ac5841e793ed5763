using System.Globalization;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Tests.Locking;

/// <summary>What becomes of one call: how long each way takes, and whether request or answer is lost.</summary>
internal sealed record Journey(TimeSpan There, TimeSpan Back, bool RequestLost, bool AnswerLost);

/// <summary>One object of S3, strongly consistent, behind a bad network.</summary>
internal sealed class SimulatedObject
{
    private int version;

    public StoredText? Content { get; private set; }

    public int Writes => version;

    public string? Swap(string text, string? expected)
    {
        if (Content?.ETag != expected) return null;
        Content = new StoredText(text, (++version).ToString(CultureInfo.InvariantCulture));
        return Content.ETag;
    }
}

/// <summary>An actor's way to the object.</summary>
internal sealed class SimulatedStore(SimulatedWorld world, Actor actor, SimulatedObject item, Func<Journey> next, TimeSpan attempt) : ILockStore
{
    /// <summary>Whom the object itself belongs to: nobody can pause or kill it.</summary>
    private readonly Actor server = new(world, 1, TimeSpan.Zero);

    public Task<StoredText?> ReadAsync(CancellationToken cancellationToken) => CallAsync(() => item.Content, cancellationToken);

    public Task<string?> SwapAsync(string text, string? expected, CancellationToken cancellationToken) => CallAsync(() => item.Swap(text, expected), cancellationToken);

    private Task<T> CallAsync<T>(Func<T> serve, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>();
        var journey = next();
        if (!journey.RequestLost)
        {
            world.At(world.Now + journey.There.Ticks, server, () =>
            {
                var served = serve();
                if (!journey.AnswerLost) world.At(world.Now + journey.Back.Ticks, actor, () => answer.TrySetResult(served));
            });
        }

        var cancelled = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        world.At(world.Now + attempt.Ticks, actor, () =>
        {
            cancelled.Dispose();
            answer.TrySetException(new PipelineException(ErrorCode.AwsUnreachable, "no answer"));
        });
        return answer.Task;
    }
}
