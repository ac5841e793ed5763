using MySqlConnector;
using SyncStorage.SyncClient;
using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Serving;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Admin;

/// <summary>The token server's own configuration and database, as its commands use them.</summary>
internal static class TokenDatabaseAccess
{
    extension(AdminContext context)
    {
        /// <summary>Where documents and secrets come from.</summary>
        public IDocuments<TokenDocument> Source => context.Use(own => new TokenDocuments(own.Settings, own.Time));

        /// <summary>The current document, checked.</summary>
        /// <exception cref="ConfigurationException">There is none, or it can't be used.</exception>
        public async Task<TokenDocument> ReadDocumentAsync()
        {
            var pointer = await context.Source.ReadPointerAsync(context.CancellationToken)
                ?? throw new ConfigurationException("No configuration is published yet.");
            var document = await context.Source.ReadDocumentAsync(pointer, context.CancellationToken);
            TokenDocumentRules.Check(document);
            return document;
        }

        /// <summary>The database that the current document names.</summary>
        public async Task<MySqlDataSource> OpenAsync(TokenDocument document)
        {
            var database = document.Database;
            var secrets = await context.Source.ReadSecretsAsync([database.PasswordParameter], context.CancellationToken);
            var address = new DatabaseAddress(database.Address, database.Port, database.User, secrets[database.PasswordParameter], database.Database);
            return context.Use(_ => new MySqlDataSource(address.ConnectionString(mostConnections: 4, connectSeconds: 5, commandSeconds: 60)));
        }

        /// <summary>What signs the tokens of each node.</summary>
        public async Task<IReadOnlyDictionary<string, TokenSecret>> ReadSignersAsync(TokenDocument document)
        {
            var secrets = await context.Source.ReadSecretsAsync(document.Hosts.Select(host => host.SecretParameter), context.CancellationToken);
            return document.Hosts.ToDictionary(host => host.Node, host => SigningSecrets.Choose(host, secrets[host.SecretParameter]), StringComparer.Ordinal);
        }
    }
}
