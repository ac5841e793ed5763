namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>What a service has to tell besides what every service has.</summary>
internal interface IServiceFigures
{
    /// <summary>Counters, as they stand since the start: what is sent is what they grew.</summary>
    IEnumerable<(string Name, long Total)> Counters { get; }

    /// <summary>How things stand now.</summary>
    IEnumerable<(string Name, double Value)> Gauges { get; }
}
