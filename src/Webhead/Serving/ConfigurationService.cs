using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Observability;

namespace SyncStorage.Webhead.Serving;

/// <summary>
/// Follows the configuration: reads the pointer every so often and when nudged, and swaps the serving state when something changed. A
/// configuration that can't be read or used changes nothing.
/// </summary>
internal sealed partial class ConfigurationService(IDocumentSource source, ServingStateFactory factory, ServingStateHolder serving,
    TimeSpan poll, TimeProvider time, WebheadMetrics metrics, ILogger<ConfigurationService> log) : BackgroundService
{
    private const double Jitter = 0.2;

    // Rotated secrets come with a nudge; this is for the webhead that missed it.
    private static readonly TimeSpan SecretsAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TellAgain = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim reloading = new(1, 1);
    private ConfigurationPointer? pointer;
    private (string Trouble, long At)? told;
    private long secretsRead;

    /// <summary>Reads the configuration now, secrets included. Returns the version that is served afterwards.</summary>
    public async Task<int?> ReloadAsync(bool secretsToo, CancellationToken cancellationToken)
    {
        await reloading.WaitAsync(cancellationToken);
        try
        {
            if (await TryReloadAsync(secretsToo, cancellationToken)) told = null;
            return serving.Current?.Document.Version;
        }
        finally
        {
            reloading.Release();
        }
    }

    public override void Dispose()
    {
        reloading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ReloadAsync(secretsToo: false, stoppingToken);
            var wait = serving.Current is null ? FirstPoll : poll;
            await Task.Delay(wait * (1 - Jitter / 2 + Random.Shared.NextDouble() * Jitter), time, stoppingToken);
        }
    }

    /// <returns>Whether it serves what is published.</returns>
    private async Task<bool> TryReloadAsync(bool secretsToo, CancellationToken cancellationToken)
    {
        try
        {
            await factory.CloseRetiredAsync();
            if (await source.ReadPointerAsync(cancellationToken) is not { } pointer)
            {
                if (IsNews("nothing is published")) LogNothingPublished();
                return false;
            }

            var current = serving.Current;
            var changed = current is null || pointer != this.pointer;
            if (!changed && !secretsToo && time.GetElapsedTime(secretsRead) < SecretsAge) return true;
            var document = changed ? await ReadDocumentAsync(pointer, cancellationToken) : current!.Document;
            var secrets = await source.ReadSecretsAsync(SecretNames(document), cancellationToken);
            secretsRead = time.GetTimestamp();
            if (!changed && Same(secrets, current!.Secrets)) return true;

            serving.Current = await factory.MakeAsync(document, secrets);
            this.pointer = pointer;
            var hosts = serving.Current.Hosts.Count();
            metrics.Reloads.Add();
            LogServing(document.Version, hosts);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            var reason = $"{exception.GetType().Name}: {exception.Message}";
            var kept = serving.Current?.Document.Version;
            metrics.FailedReloads.Add();
            if (IsNews(reason)) LogKept(kept, reason);
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

    private async Task<ConfigurationDocument> ReadDocumentAsync(ConfigurationPointer pointer, CancellationToken cancellationToken)
    {
        var document = await source.ReadDocumentAsync(pointer, cancellationToken);
        ConfigurationRules.Check(document);
        return document;
    }

    private static IEnumerable<string> SecretNames(ConfigurationDocument document) => document.Nodes
        .SelectMany(node => node.Hosts.Select(host => host.SecretParameter).Prepend(node.PasswordParameter));

    private static bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving configuration {Version}: {Hosts} virtual hostnames")]
    private partial void LogServing(int version, int hosts);

    [LoggerMessage(Level = LogLevel.Information, Message = "No configuration is published yet")]
    private partial void LogNothingPublished();

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration can't be read; staying with {Version} ({Reason})")]
    private partial void LogKept(int? version, string reason);
}
