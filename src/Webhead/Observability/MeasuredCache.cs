using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Observability;

/// <summary>Counts what the cache finds, does not find, and fails to say.</summary>
internal sealed class MeasuredCache(ICacheClient cache, WebheadMetrics metrics) : ICacheClient
{
    public int Interruptions => cache.Interruptions;

    public bool IsSettled(CacheUser user) => cache.IsSettled(user);

    public bool IsLost(CacheUser user) => cache.IsLost(user);

    public Task PingAsync(CancellationToken cancellationToken) => cache.PingAsync(cancellationToken);

    public async ValueTask<CacheAnswer> RunAsync(CacheUser user, CacheCommand command)
    {
        try
        {
            var answer = await cache.RunAsync(user, command);
            Count(command, answer);
            return answer;
        }
        catch (CacheUnavailableException)
        {
            metrics.CacheErrors.Add();
            throw;
        }
    }

    public async ValueTask<CacheAnswer[]> RunAsync(CacheUser user, params CacheCommand[] commands)
    {
        try
        {
            var answers = await cache.RunAsync(user, commands);
            for (var i = 0; i < commands.Length; i++) Count(commands[i], answers[i]);
            return answers;
        }
        catch (CacheUnavailableException)
        {
            metrics.CacheErrors.Add();
            throw;
        }
    }

    public async ValueTask InvalidateAsync(CacheUser user, params CacheCommand[] commands)
    {
        try
        {
            await cache.InvalidateAsync(user, commands);
        }
        catch (CacheUnavailableException)
        {
            metrics.CacheErrors.Add();
            throw;
        }
    }

    public async ValueTask RunOnFormerAsync(CacheUser user, CacheCommand command)
    {
        try
        {
            await cache.RunOnFormerAsync(user, command);
        }
        catch (CacheUnavailableException)
        {
            metrics.CacheErrors.Add();
            throw;
        }
    }

    private void Count(CacheCommand command, CacheAnswer answer)
    {
        if (command.Verb == CacheVerb.Get) (answer.Outcome == CacheOutcome.Done ? metrics.CacheHits : metrics.CacheMisses).Add();
    }
}
