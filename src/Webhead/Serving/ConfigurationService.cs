using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Observability;

namespace SyncStorage.Webhead.Serving;

/// <summary>Follows the configuration, and swaps the serving state when something changed.</summary>
internal sealed class ConfigurationService(IDocumentSource source, ServingStateFactory factory, ServingStateHolder serving,
    TimeSpan poll, TimeProvider time, WebheadMetrics metrics, ILogger<ConfigurationService> log)
    : ConfigurationFollower<ConfigurationDocument>(source, poll, time, metrics, log)
{
    protected override Served<ConfigurationDocument>? Current =>
        serving.Current is { } state ? new Served<ConfigurationDocument>(state.Document, state.Document.Version, state.Secrets) : null;

    protected override Task TidyAsync() => factory.CloseRetiredAsync();

    protected override void Check(ConfigurationDocument document) => ConfigurationRules.Check(document);

    protected override IEnumerable<string> SecretNames(ConfigurationDocument document) => document.Nodes
        .SelectMany(node => node.Hosts.Select(host => host.SecretParameter).Prepend(node.PasswordParameter));

    protected override async Task<string> ServeAsync(ConfigurationDocument document, IReadOnlyDictionary<string, string> secrets)
    {
        var state = await factory.MakeAsync(document, secrets);
        serving.Current = state;
        return $"{state.Hosts.Count()} virtual hostnames";
    }
}
