using System.Net;

namespace SyncStorage.Pipeline.Dns;

/// <summary>Asks what names resolve to.</summary>
public interface INameResolver
{
    /// <summary>Whom it asks, for people.</summary>
    string Asked { get; }

    /// <summary>The IPv4 addresses of a name. That there are none is an answer, too.</summary>
    Task<NameAnswer> ResolveAsync(string name, CancellationToken cancellationToken);
}

/// <summary>What a name resolves to.</summary>
/// <param name="Addresses">Its addresses.</param>
/// <param name="Trouble">Why there are none; null if there are.</param>
public sealed record NameAnswer(IReadOnlyList<IPAddress> Addresses, string? Trouble)
{
    /// <summary>No address, and why.</summary>
    public static NameAnswer None(string trouble) => new([], trouble);
}
