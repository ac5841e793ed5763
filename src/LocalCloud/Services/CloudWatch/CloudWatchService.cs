using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Alarms;
using SyncStorage.LocalCloud.Services.CloudWatch.Collecting;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Services.CloudWatch;

/// <summary>CloudWatch, API 2010-08-01: the service's life, and what its operations share.</summary>
internal sealed partial class CloudWatchService : IAwsService
{
    private readonly Lock gate = new();
    private readonly CloudContext context;
    private readonly MetricStore metrics;
    private readonly MetricCollector collector;
    private readonly ILogger logger;
    private readonly StateFile<CloudWatchState> file;
    private readonly Dictionary<string, AlarmRule> rules = new(StringComparer.Ordinal);
    private CloudWatchState state = new();

    public CloudWatchService(CloudContext context, MetricStore metrics, MetricCollector collector, ILogger<CloudWatchService> logger)
    {
        this.context = context;
        this.metrics = metrics;
        this.collector = collector;
        this.logger = logger;
        file = new StateFile<CloudWatchState>(context.StateDirectory, Name);
        Operations = new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>(StringComparer.Ordinal)
        {
            ["PutMetricData"] = Now(PutMetricData),
            ["GetMetricData"] = Now(GetMetricData),
            ["GetMetricStatistics"] = Now(GetMetricStatistics),
            ["ListMetrics"] = Now(ListMetrics),
            ["PutMetricAlarm"] = Now(PutMetricAlarm),
            ["DescribeAlarms"] = Now(DescribeAlarms),
            ["DeleteAlarms"] = Now(DeleteAlarms),
            ["SetAlarmState"] = Now(SetAlarmState),
            ["PutDashboard"] = Now(PutDashboard),
            ["GetDashboard"] = Now(GetDashboard),
            ["ListDashboards"] = Now(ListDashboards),
            ["DeleteDashboards"] = Now(DeleteDashboards),
            ["TagResource"] = Now(TagResource),
            ["UntagResource"] = Now(UntagResource),
            ["ListTagsForResource"] = Now(ListTagsForResource),
        };
    }

    public string Name => "cloudwatch";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            state = file.Load();
            foreach (var alarm in state.Alarms.Values) rules[alarm.Name] = AlarmRule.Parse(alarm.Settings);
        }

        collector.Start(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => collector.StopAsync();

    private static Func<ApiCall, CancellationToken, Task<ApiResult>> Now(Func<ApiCall, ApiResult> operation) => (call, _) => Task.FromResult(operation(call));

    private void Save() => file.Save(state);
}
