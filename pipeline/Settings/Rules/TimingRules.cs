namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>A probe ends before the next begins.</summary>
internal sealed class HealthCheckTimingRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        var check = settings.LoadBalancer.HealthCheck;
        if (check.TimeoutSeconds >= check.IntervalSeconds)
            errors.Add("loadBalancer.healthCheck.timeoutSeconds", $"must be below intervalSeconds ({check.IntervalSeconds}), is {check.TimeoutSeconds}");
    }
}

/// <summary>There can't be more healthy webheads than webheads.</summary>
internal sealed class MinHealthyRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.Rollout.MinHealthy > settings.Webheads.Count)
            errors.Add("rollout.minHealthy", $"must be at most webheads.count ({settings.Webheads.Count}), is {settings.Rollout.MinHealthy}");
    }
}

/// <summary>There is room for a new webhead: one may serve more than desired, or one less.</summary>
internal sealed class SurgeRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.Surge == 0 && settings.MinHealthy >= settings.Webheads.Count)
            errors.Add("rollout.surge", $"0 needs a rollout.minHealthy below webheads.count ({settings.Webheads.Count}): otherwise no webhead may leave before a new one joins, and none may join before one has left");
    }
}

/// <summary>Polls back off, not up.</summary>
internal sealed class PollIntervalsRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        if (settings.Waits.MaxPollSeconds < settings.Waits.PollSeconds)
            errors.Add("waits.maxPollSeconds", $"must be at least pollSeconds ({settings.Waits.PollSeconds}), is {settings.Waits.MaxPollSeconds}");
    }
}
