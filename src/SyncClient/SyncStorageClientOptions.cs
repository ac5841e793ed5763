using System.Security.Cryptography.X509Certificates;

namespace SyncStorage.SyncClient;

/// <summary>Whom a client speaks for, and to whom.</summary>
public sealed record SyncStorageClientOptions
{
    /// <summary>The virtual hostname's origin as its users see it; tokens name it and Hawk signs it.</summary>
    public required Uri Origin { get; init; }

    /// <summary>The secret that signs this client's tokens; null for a client that was given one.</summary>
    public TokenSecret? Secret { get; init; }

    /// <summary>The token that a token server gave, where there is no <see cref="Secret"/>; once it has expired, so has the client.</summary>
    public HawkCredentials? Given { get; init; }

    /// <summary>The user.</summary>
    public required long Uid { get; init; }

    /// <summary>
    /// Where to connect instead of the origin: scheme, host and port of a load balancer or of one webhead. The <c>Host</c> header and the
    /// signature stay the origin's. Default: the origin. Names that end in <c>.localhost</c> are this machine, whatever its resolver says.
    /// </summary>
    public Uri? ConnectTo { get; init; }

    /// <summary>Gives the certificates that HTTPS must lead to, for each connection when it is made; null for those that the system trusts.</summary>
    public Func<X509Certificate2Collection>? TrustedRoots { get; init; }

    /// <summary>Whether any certificate will do: for a service on the same machine, whose certificate is its own.</summary>
    public bool TakesAnyCertificate { get; init; }

    /// <summary>The longest that a request may take, answer included. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a token is good; it is made anew when half of that has passed. Default 5 minutes.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);
}
