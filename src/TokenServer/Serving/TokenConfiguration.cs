using System.Collections.Frozen;
using System.Text.Json;
using SyncStorage.SyncClient;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Observability;
using SyncStorage.TokenServer.Protocol;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Serving;

/// <summary>
/// Follows the configuration, and swaps what is served when something changed. Connections and keys outlive a change that is not theirs;
/// what a change leaves is closed a minute later, when every request has ended that could use it.
/// </summary>
internal sealed class TokenConfiguration(IDocuments<TokenDocument> source, TokenServingHolder serving, TimeSpan poll, TimeProvider time,
    TokenMetrics metrics, ILogger<TokenConfiguration> log) : ConfigurationFollower<TokenDocument>(source, poll, time, metrics, log), IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly TimeProvider clock = time;
    private readonly List<(object Resource, long Since)> retired = [];
    private (string Key, TokenStore Store)? store;
    private (string Key, AccountsClient Client)? accounts;
    private NodeGate? gate;

    protected override Served<TokenDocument>? Current =>
        serving.Current is { } state ? new Served<TokenDocument>(state.Document, state.Document.Version, state.Secrets) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (resource, _) in retired) await CloseAsync(resource);
        if (store is { } known) await CloseAsync(known.Store);
        if (accounts is { } client) await CloseAsync(client.Client);
        gate?.Dispose();
        Dispose();
    }

    protected override async Task TidyAsync()
    {
        foreach (var entry in retired.ToList())
        {
            // Its account may be one that is to be locked as soon as nobody is connected with it.
            if (entry.Resource is TokenStore users) await users.ReleaseAsync();
            if (clock.GetElapsedTime(entry.Since) <= Grace) continue;
            retired.Remove(entry);
            await CloseAsync(entry.Resource);
        }
    }

    protected override void Check(TokenDocument document) => TokenDocumentRules.Check(document);

    protected override IEnumerable<string> SecretNames(TokenDocument document) =>
        [document.Database.PasswordParameter, document.MetricsSecretParameter, .. document.Hosts.Select(host => host.SecretParameter)];

    protected override Task<string> ServeAsync(TokenDocument document, IReadOnlyDictionary<string, string> secrets)
    {
        var signers = document.Hosts.ToFrozenDictionary(host => host.Node, host => SigningSecrets.Choose(host, secrets[host.SecretParameter]), StringComparer.Ordinal);
        var database = document.Database;
        var address = new DatabaseAddress(database.Address, database.Port, database.User, secrets[database.PasswordParameter], database.Database);
        var users = Keep(ref store, $"{address}\n{address.Password}\n{string.Join('\n', signers.Keys.Order(StringComparer.Ordinal))}",
            () => new TokenStore(address, [.. signers.Keys], clock));
        var client = Keep(ref accounts, JsonSerializer.Serialize(document.Accounts, TokenDocumentJson.Default.AccountsSettings),
            () => new AccountsClient(document.Accounts, clock));
        serving.Current = new TokenServing
        {
            Document = document,
            Secrets = secrets,
            Store = users,
            Users = new UserDirectory(users),
            Accounts = client,
            Issuer = new TokenIssuer(document.Origin.GetLeftPart(UriPartial.Authority), secrets[document.MetricsSecretParameter], clock),
            Gate = gate ??= new NodeGate("tokenserver", new GateLimits(), clock),
            Signers = signers,
        };
        return Task.FromResult($"{signers.Count} virtual hostnames");
    }

    private T Keep<T>(ref (string Key, T Value)? kept, string key, Func<T> make)
        where T : class
    {
        if (kept is { } known)
        {
            if (known.Key == key) return known.Value;
            retired.Add((known.Value, clock.GetTimestamp()));
        }

        var made = make();
        kept = (key, made);
        return made;
    }

    private static async ValueTask CloseAsync(object resource)
    {
        if (resource is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else (resource as IDisposable)?.Dispose();
    }
}
