using SyncStorage.TokenServer.Serving;

namespace SyncStorage.TokenServer.Observability;

/// <summary>What a token server tells on <c>/__metrics__</c>.</summary>
internal sealed class TokenReport(TokenMetrics metrics, TokenServingHolder serving, Drain drain, Installation installation)
{
    private const string Gauge = "gauge";
    private const string Counter = "counter";

    public string Write()
    {
        var text = new PrometheusText();
        ServiceReport.WriteRelease(text, installation);
        ServiceReport.WriteRequests(text, metrics);
        text.Add("syncstorage_tokens_total", Counter, "Tokens given.", metrics.Tokens.Value);
        text.Add("syncstorage_refused_total", Counter, "Requests refused, by the status that they were told.", "reason",
            metrics.Refusals.Select(refusal => (refusal.Reason, (double)refusal.Count)));
        text.Add("syncstorage_shed_total", Counter, "Requests turned away because too many others waited.", metrics.Shed.Value);
        text.Add("syncstorage_purged_records_total", Counter, "Old records purged by this token server.", metrics.PurgedRecords.Value);
        text.Add("syncstorage_purge_failures_total", Counter, "Old records whose data a node did not delete.", metrics.FailedPurges.Value);
        ServiceReport.WriteState(text, metrics, drain);
        if (serving.Current is { } state)
        {
            text.Add("syncstorage_configuration_version", Gauge, "The configuration document that is served.", state.Document.Version);
            text.Add("syncstorage_node_requests_in_service", Gauge, "Requests that the database is worked for.", state.Gate.InService);
            text.Add("syncstorage_node_requests_waiting", Gauge, "Requests that wait for their turn at the database.", state.Gate.Waiting);
            text.Add("syncstorage_accounts_keys", Gauge, "Keys of the accounts server that are known.", state.Accounts.Keys.Count ?? 0);
        }

        ServiceReport.WriteProcess(text);
        return text.ToString();
    }
}
