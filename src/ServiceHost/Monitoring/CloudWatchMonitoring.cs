using Amazon;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.Runtime;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>CloudWatch. Clients are made when first needed.</summary>
internal sealed class CloudWatchMonitoring(InstanceSettings settings, MonitoringSettings monitoring) : IMonitoring, IDisposable
{
    // CloudWatch takes a thousand a call.
    private const int MostData = 500;

    private readonly Lazy<AmazonCloudWatchClient> figures = new(() => new AmazonCloudWatchClient(Configure(new AmazonCloudWatchConfig(), settings)));
    private readonly Lazy<AmazonCloudWatchLogsClient> logs = new(() => new AmazonCloudWatchLogsClient(Configure(new AmazonCloudWatchLogsConfig(), settings)));
    private bool hasStream;

    public async Task SendAsync(IReadOnlyList<Figure> figures, CancellationToken cancellationToken)
    {
        List<Dimension> instance = [new Dimension { Name = "InstanceId", Value = monitoring.Instance }];
        foreach (var some in figures.Chunk(MostData))
        {
            var data = some.Select(figure => new MetricDatum
            {
                MetricName = figure.Name,
                Unit = figure.Unit,
                Timestamp = figure.At.UtcDateTime,
                Dimensions = instance,
                Values = [.. figure.Values.Select(one => one.Value)],
                Counts = [.. figure.Values.Select(one => one.Count)],
            });
            await this.figures.Value.PutMetricDataAsync(new PutMetricDataRequest { Namespace = monitoring.Namespace, MetricData = [.. data] }, cancellationToken);
        }
    }

    public async Task SendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            if (!hasStream) await MakeStreamAsync(cancellationToken);
            await logs.Value.PutLogEventsAsync(
                new PutLogEventsRequest
                {
                    LogGroupName = monitoring.LogGroup,
                    LogStreamName = monitoring.Instance,
                    LogEvents = [.. lines.Select(line => new InputLogEvent { Timestamp = line.At.UtcDateTime, Message = line.Text })],
                },
                cancellationToken);
        }
        catch (AmazonCloudWatchLogsException invalid) when (invalid.ErrorCode is "InvalidParameterException" or "DataAlreadyAcceptedException")
        {
            throw new RefusedForGoodException(invalid.Message, invalid);
        }
        catch (AmazonCloudWatchLogsException missing) when (missing.ErrorCode == "ResourceNotFoundException")
        {
            // Somebody removed it: the next attempt makes it again.
            hasStream = false;
            throw;
        }
    }

    public void Dispose()
    {
        if (figures.IsValueCreated) figures.Value.Dispose();
        if (logs.IsValueCreated) logs.Value.Dispose();
    }

    private async Task MakeStreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            await logs.Value.CreateLogStreamAsync(new CreateLogStreamRequest { LogGroupName = monitoring.LogGroup, LogStreamName = monitoring.Instance }, cancellationToken);
        }
        catch (AmazonCloudWatchLogsException there) when (there.ErrorCode == "ResourceAlreadyExistsException")
        {
            // From before a restart.
        }

        hasStream = true;
    }

    private static T Configure<T>(T config, InstanceSettings settings)
        where T : ClientConfig
    {
        config.AuthenticationRegion = settings.Region;
        config.Timeout = TimeSpan.FromSeconds(10);
        config.MaxErrorRetry = 1;
        if (settings.EndpointUrl is { } endpoint) config.ServiceURL = endpoint.ToString();
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        return config;
    }
}
