namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>CloudWatch Logs keeps logs for certain numbers of days only.</summary>
internal sealed class MonitoringRule : ISettingsRule
{
    private static readonly int[] Days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.Monitoring is { } monitoring && !Days.Contains(monitoring.LogDays))
            errors.Add("monitoring.logDays", $"must be one of {string.Join(", ", Days)}, is {monitoring.LogDays}");
    }
}
