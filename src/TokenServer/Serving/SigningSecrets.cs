using SyncStorage.SyncClient;
using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Serving;

/// <summary>Which of a virtual hostname's secrets signs.</summary>
internal static class SigningSecrets
{
    /// <summary>The secret that the configuration names by its timestamp, or else the newest.</summary>
    /// <param name="host">The virtual hostname.</param>
    /// <param name="list">Its secrets, as stored.</param>
    /// <exception cref="ConfigurationException">The list can't be read, or has no such secret.</exception>
    public static TokenSecret Choose(TokenHost host, string list)
    {
        try
        {
            var entries = NodeSecrets.ParseEntries(list);
            if (host.SignWith is not { } timestamp) return entries[0].Secret;
            return entries.FirstOrDefault(entry => entry.Timestamp == timestamp)?.Secret
                ?? throw new ConfigurationException($"{host.SecretParameter} has no secret of {timestamp}, which is to sign; there are {string.Join(", ", entries.Select(entry => entry.Timestamp))}.");
        }
        catch (FormatException exception)
        {
            throw new ConfigurationException($"{host.SecretParameter}: {exception.Message}", exception);
        }
    }
}
