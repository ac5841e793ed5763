namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>One rule that settings obey beyond their shape.</summary>
internal interface ISettingsRule
{
    /// <summary>Adds an error for each place that breaks the rule.</summary>
    void Check(EnvironmentSettings settings, SettingsErrors errors);
}

/// <summary>All rules, in the order of their errors.</summary>
internal static class SettingsRules
{
    private static readonly ISettingsRule[] All =
    [
        new ValueRangesRule(),
        new AccountAndRegionRule(),
        new EndpointRule(),
        new LocalPortsRule(),
        new HttpsRule(),
        new DnsRule(),
        new TokenServerRule(),
        new BucketNameRule(),
        new CidrsRule(),
        new SubnetsRule(),
        new HealthCheckTimingRule(),
        new InstanceTypesRule(),
        new InstanceNodesRule(),
        new UniqueNodeNamesRule(),
        new UniqueHostnamesRule(),
        new UniqueDatabasesRule(),
        new MinHealthyRule(),
        new SurgeRule(),
        new PollIntervalsRule(),
        new MonitoringRule(),
        new HooksRule(),
    ];

    public static void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        foreach (var rule in All)
            rule.Check(settings, errors);
    }
}
