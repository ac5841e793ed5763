using System.Text.Json.Nodes;

namespace SyncStorage.Resilience.Fault;

/// <summary>What goes wrong.</summary>
/// <param name="Name">For people.</param>
/// <param name="Hits">Whether there is anything in a stage that it could hit.</param>
/// <param name="Rules">LocalCloud's rules for it, in a stage.</param>
internal sealed record Fault(string Name, Func<FaultStage, bool> Hits, Func<FaultStage, IEnumerable<JsonObject>> Rules)
{
    /// <summary>Whether it passes, or can be lived with, so that a deployment must succeed in spite of it.</summary>
    public bool MustSucceed { get; init; }

    /// <summary>Whether it takes webheads away that serve.</summary>
    public bool BreaksServing { get; init; }

    /// <summary>Whether it hits instances when they are launched, or as they were then.</summary>
    public bool HitsLaunches { get; init; }

    /// <summary>The database whose users lose requests while it lasts; null if nobody's do.</summary>
    public string? Database { get; init; }

    /// <summary>How long it lasts after it began, whoever takes the rules away.</summary>
    public TimeSpan Lasts { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        OfCalls("throttled for a while", """{"kind": "throttle", "count": 2}""") with { MustSucceed = true },
        OfCalls("throttled for good", """{"kind": "throttle", "count": null}"""),
        OfCalls("request limits of AWS", """{"kind": "token-buckets"}""") with { MustSucceed = true },
        OfCalls("5xx for a while", """{"kind": "error", "status": 503, "count": 2}""") with { MustSucceed = true },
        OfCalls("5xx for good", """{"kind": "error", "count": null}"""),
        OfCalls("no answer, once", """{"kind": "hang"}""") with { MustSucceed = true },
        OfCalls("no answer for good", """{"kind": "hang", "count": null}"""),
        OfCalls("connections break before calls", """{"kind": "drop-before", "count": 2}""") with { MustSucceed = true },
        OfCalls("connections break after calls", """{"kind": "drop-after", "mutating": true, "count": 2}""") with { MustSucceed = true },
        OfCalls("unreachable for good", """{"kind": "drop-before", "count": null}"""),
        OfCalls("slow calls", """{"kind": "delay", "delayMilliseconds": 300, "count": null}""") with { MustSucceed = true },
        OfCalls("eventual consistency", """{"kind": "stale", "delayMilliseconds": 1500}""") with { MustSucceed = true },
        new("credentials expire", HasCalls, stage => [Begins(stage, Parse("""{"kind": "expired-credentials", "count": null}"""), $"{stage.Services[0]}:*")]),
        OfLaunches("no capacity in one zone", """{"kind": "no-capacity", "zone": "us-east-1a", "count": null}"""),
        OfLaunches("no capacity", """{"kind": "no-capacity", "count": null}"""),
        OfBoots("instances never boot", """{"kind": "never-boots", "count": null}"""),
        OfBoots("instances boot and die", """{"kind": "dies-after-boot", "count": null}"""),
        OfBoots("instances boot, and hang", """{"kind": "hangs-after-boot", "delayMilliseconds": 2000, "count": null}""") with { BreaksServing = true },
        OfBoots("a full disk", """{"kind": "disk-full", "count": null}"""),
        OfRegistrations("probes fail", """{"kind": "fails-probes", "count": null}"""),
        OfRegistrations("the load balancer never says InService", """{"kind": "never-in-service", "count": null}"""),
        OfRegistrations("instances die once they serve", """{"kind": "dies-in-service", "count": null}""") with { BreaksServing = true },
        new("a dbnode fails over", stage => stage.UsesDatabases is not null, stage => [DataStore("database-failover", stage.UsesDatabases!.Value, 3000, "sync2-db0")])
        {
            Database = "sync2-db0", Lasts = TimeSpan.FromSeconds(3),
        },
        new("memcached restarts", stage => stage.UsesCache is not null, stage => [DataStore("cache-loss", stage.UsesCache!.Value, 2000)]) { Lasts = TimeSpan.FromSeconds(2) },
        new("memcached vanishes", stage => stage.UsesCache is not null, stage => [DataStore("cache-loss", stage.UsesCache!.Value, 25_000)]) { Lasts = TimeSpan.FromSeconds(25) },
    ];

    private static bool HasCalls(FaultStage stage) => stage.Services.Length > 0;

    private static Fault OfCalls(string name, string rule) => new(name, HasCalls, stage => stage.Services.Select(service =>
    {
        var hits = Begins(stage, Parse(rule), null);
        hits["service"] = service;
        return hits;
    }));

    private static Fault OfLaunches(string name, string rule) => new(name, stage => stage.Launches is not null, _ => [Parse(rule)]) { HitsLaunches = true };

    private static Fault OfBoots(string name, string rule) => new(name, stage => stage is { Launches: not null, AwaitsBoots: true }, stage => [Tagged(stage, rule)]) { HitsLaunches = true };

    private static Fault OfRegistrations(string name, string rule) => new(name, stage => stage.Registers, stage => [Tagged(stage, rule)]) { HitsLaunches = true };

    private static JsonObject Tagged(FaultStage stage, string rule)
    {
        var hits = Parse(rule);
        hits["tag"] = stage.Launches;
        return hits;
    }

    private static JsonObject DataStore(string kind, (string Service, string Operation, int Skip) when, int milliseconds, string? resource = null) => new()
    {
        ["kind"] = kind,
        ["service"] = when.Service,
        ["operation"] = when.Operation,
        ["skip"] = when.Skip,
        ["delayMilliseconds"] = milliseconds,
        ["resource"] = resource,
    };

    private static JsonObject Begins(FaultStage stage, JsonObject rule, string? otherwise)
    {
        rule["from"] = stage.From ?? otherwise;
        rule["fromCall"] = stage.FromCall;
        return rule;
    }

    private static JsonObject Parse(string rule) => JsonNode.Parse(rule)!.AsObject();
}
