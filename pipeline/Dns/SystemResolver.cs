using System.Net;
using System.Net.Sockets;

namespace SyncStorage.Pipeline.Dns;

/// <summary>This machine's own resolver, as every program here uses it; it may keep answers for as long as their records say.</summary>
public sealed class SystemResolver : INameResolver
{
    /// <inheritdoc/>
    public string Asked => "this machine's resolver";

    /// <inheritdoc/>
    public async Task<NameAnswer> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // With a dot at the end no search list is gone through.
            var addresses = await System.Net.Dns.GetHostAddressesAsync($"{name}.", AddressFamily.InterNetwork, cancellationToken);
            return addresses.Length > 0 ? new NameAnswer(addresses, null) : NameAnswer.None("no address");
        }
        catch (SocketException failure)
        {
            return NameAnswer.None(failure.SocketErrorCode switch
            {
                SocketError.HostNotFound => "no such name",
                SocketError.NoData => "no address",
                SocketError.TryAgain => "the resolver failed",
                var other => other.ToString(),
            });
        }
    }
}
