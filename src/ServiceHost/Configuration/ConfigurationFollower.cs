using SyncStorage.ServiceHost.Observability;

namespace SyncStorage.ServiceHost.Configuration;

/// <summary>What is served now: a document, and the secrets that it was taken with.</summary>
/// <param name="Document">The document.</param>
/// <param name="Version">Its number.</param>
/// <param name="Secrets">The values, by parameter. Never shown.</param>
internal sealed record Served<TDocument>(TDocument Document, int Version, IReadOnlyDictionary<string, string> Secrets);

/// <summary>
/// Follows the configuration: reads the pointer every so often and when nudged, and has what changed served. A configuration that can't be
/// read or used changes nothing.
/// </summary>
internal abstract class ConfigurationFollower<TDocument>(
    IDocuments<TDocument> source, TimeSpan poll, TimeProvider time, ServiceMetrics metrics, ILogger log) : BackgroundService
    where TDocument : class
{
    private const double Jitter = 0.2;

    // Rotated secrets come with a nudge; this is for the instance that missed it.
    private static readonly TimeSpan SecretsAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TellAgain = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim reloading = new(1, 1);
    private ConfigurationPointer? pointer;
    private (string Trouble, long At)? told;
    private long secretsRead;
    private string? trouble;

    /// <summary>What is served; null before the first configuration.</summary>
    protected abstract Served<TDocument>? Current { get; }

    /// <summary>Reads the configuration now, secrets included. Returns the version that is served afterwards.</summary>
    public async Task<int?> ReloadAsync(bool secretsToo, CancellationToken cancellationToken)
    {
        await reloading.WaitAsync(cancellationToken);
        try
        {
            if (await TryReloadAsync(secretsToo, cancellationToken)) (told, trouble) = (null, null);
            return Current?.Version;
        }
        finally
        {
            reloading.Release();
        }
    }

    /// <summary>Reads configuration and secrets now.</summary>
    public async Task<ReloadReport> NudgeAsync(CancellationToken cancellationToken) => new(await ReloadAsync(secretsToo: true, cancellationToken), trouble);

    public override void Dispose()
    {
        reloading.Dispose();
        base.Dispose();
    }

    /// <summary>Closes what an earlier configuration left, where nothing uses it any more.</summary>
    protected abstract Task TidyAsync();

    /// <summary>Refuses a document that can't be used.</summary>
    /// <exception cref="ConfigurationException">With every error.</exception>
    protected abstract void Check(TDocument document);

    /// <summary>The parameters that a document needs the values of.</summary>
    protected abstract IEnumerable<string> SecretNames(TDocument document);

    /// <summary>Serves a document from now on; says what that is.</summary>
    /// <exception cref="ConfigurationException">A secret has no usable value.</exception>
    protected abstract Task<string> ServeAsync(TDocument document, IReadOnlyDictionary<string, string> secrets);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ReloadAsync(secretsToo: false, stoppingToken);
            var wait = Current is null ? FirstPoll : poll;
            await Task.Delay(wait * (1 - Jitter / 2 + Random.Shared.NextDouble() * Jitter), time, stoppingToken);
        }
    }

    /// <returns>Whether it serves what is published.</returns>
    private async Task<bool> TryReloadAsync(bool secretsToo, CancellationToken cancellationToken)
    {
        try
        {
            await TidyAsync();
            if (await source.ReadPointerAsync(cancellationToken) is not { } pointer)
            {
                if (IsNews(trouble = "nothing is published")) ConfigurationLog.NothingPublished(log);
                return false;
            }

            var current = Current;
            var changed = current is null || pointer != this.pointer;
            if (!changed && !secretsToo && time.GetElapsedTime(secretsRead) < SecretsAge) return true;
            var document = changed ? await ReadDocumentAsync(pointer, cancellationToken) : current!.Document;
            var secrets = await source.ReadSecretsAsync(SecretNames(document), cancellationToken);
            secretsRead = time.GetTimestamp();
            if (!changed && Same(secrets, current!.Secrets)) return true;

            var what = await ServeAsync(document, secrets);
            this.pointer = pointer;
            metrics.Reloads.Add();
            ConfigurationLog.Serving(log, Current?.Version, what);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            var reason = $"{exception.GetType().Name}: {exception.Message}";
            metrics.FailedReloads.Add();
            if (IsNews(trouble = reason)) ConfigurationLog.Kept(log, Current?.Version, reason);
            return false;
        }
    }

    // Without a configuration it looks every second, and would fill the console with what has been said.
    private bool IsNews(string trouble)
    {
        if (told is { } last && last.Trouble == trouble && time.GetElapsedTime(last.At) < TellAgain) return false;
        told = (trouble, time.GetTimestamp());
        return true;
    }

    private async Task<TDocument> ReadDocumentAsync(ConfigurationPointer pointer, CancellationToken cancellationToken)
    {
        var document = await source.ReadDocumentAsync(pointer, cancellationToken);
        Check(document);
        return document;
    }

    private static bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
}

/// <summary>What is said of the configuration.</summary>
internal static partial class ConfigurationLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Serving configuration {Version}: {What}")]
    public static partial void Serving(ILogger log, int? version, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "No configuration is published yet")]
    public static partial void NothingPublished(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration can't be read; staying with {Version} ({Reason})")]
    public static partial void Kept(ILogger log, int? version, string reason);
}
