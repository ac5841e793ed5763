using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.CloudWatchLogs.Model;
using Spectre.Console;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>Logs: what the webheads have said lately, all in one stream; with <c>--follow</c>, what they go on to say.</summary>
public sealed class LogsTarget(IClients clients, EnvironmentSettings settings, ClusterNames names, RunOptions options, IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan DefaultSince = TimeSpan.FromMinutes(10);

    // Webheads send every other second, and not all at the same time.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    private static readonly string[] OfEveryLine = ["time", "level", "event", "eventId", "category", "message"];

    private readonly Dictionary<string, long> shown = new(StringComparer.Ordinal);

    /// <summary>Prints them.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoLogs"/>: none are kept.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Monitoring is null)
            throw new PipelineException(
                ErrorCode.NoLogs, "The settings have no monitoring: the webheads' logs stay on the webheads.",
                hint: settings.LocalCloud is { } local ? $"They are in {local.StateDirectory}/instances/<id>/console.log; or --set monitoring.logDays=7, and Deploy." : "Add monitoring to the settings, and run Deploy.");
        try
        {
            await ShowAllAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (options.Follow && cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how following ends: nothing was cut short.
        }
    }

    /// <summary>A line for people: when, who, what.</summary>
    /// <param name="stream">The instance.</param>
    /// <param name="at">When it came from the instance, in milliseconds since 1970.</param>
    /// <param name="message">The line as the webhead wrote it.</param>
    internal static string Line(string stream, long at, string message)
    {
        var when = DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        try
        {
            using var document = JsonDocument.Parse(message);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("message", out var text)) return $"{when} {stream} {message}";
            var level = root.TryGetProperty("level", out var given) ? given.ToString() : "";

            // Most messages name their values.
            var said = text.ToString();
            var rest = root.EnumerateObject().Where(member => !OfEveryLine.Contains(member.Name) && !Says(said, member.Value.ToString())).Select(member => $"{member.Name}={member.Value}");
            return $"{when} {stream} {level} {said}{string.Concat(rest.Select(one => $" {one}"))}".ReplaceLineEndings(" ");
        }
        catch (JsonException)
        {
            return $"{when} {stream} {message}";
        }
    }

    // As a word or words of its own.
    private static bool Says(string text, string value) =>
        value.Length > 0 && Regex.IsMatch(text, $@"(?<![\p{{L}}\p{{Nd}}]){Regex.Escape(value)}(?![\p{{L}}\p{{Nd}}])", RegexOptions.CultureInvariant);

    private async Task ShowAllAsync(CancellationToken cancellationToken)
    {
        var from = (time.GetUtcNow() - (options.Since ?? DefaultSince)).ToUnixTimeMilliseconds();
        while (true)
        {
            var newest = await ShowAsync(from, cancellationToken);
            if (!options.Follow) return;
            from = Math.Max(from, newest - (long)Late.TotalMilliseconds);
            foreach (var old in shown.Where(pair => pair.Value < from).Select(pair => pair.Key).ToList()) shown.Remove(old);
            await Task.Delay(TimeSpan.FromSeconds(settings.Waits.PollSeconds), time, cancellationToken);
        }
    }

    /// <returns>When the newest of those shown so far happened.</returns>
    private async Task<long> ShowAsync(long from, CancellationToken cancellationToken)
    {
        var request = new FilterLogEventsRequest { LogGroupName = names.WebheadLogs, StartTime = from, FilterPattern = options.Filter };
        do
        {
            var page = await PageAsync(request, cancellationToken);
            foreach (var one in page.Events ?? [])
            {
                if (!shown.TryAdd(one.EventId, one.Timestamp ?? from)) continue;
                await console.Profile.Out.Writer.WriteLineAsync(Line(one.LogStreamName, one.Timestamp ?? from, one.Message).AsMemory(), cancellationToken);
            }

            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        await console.Profile.Out.Writer.FlushAsync(cancellationToken);
        return shown.Values.DefaultIfEmpty(from).Max();
    }

    private async Task<FilterLogEventsResponse> PageAsync(FilterLogEventsRequest request, CancellationToken cancellationToken) =>
        await AwsErrors.UnlessMissingAsync<FilterLogEventsResponse>(async () => await clients.Logs.FilterLogEventsAsync(request, cancellationToken))
            ?? throw new PipelineException(ErrorCode.NoLogs, $"There is no log group {names.WebheadLogs}.", hint: "./build.sh --target=Ensure-Monitoring");
}
