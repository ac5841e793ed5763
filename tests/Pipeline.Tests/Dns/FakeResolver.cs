using System.Net;
using SyncStorage.Pipeline.Dns;

namespace SyncStorage.Pipeline.Tests.Dns;

/// <summary>Answers with what it is told, and after a while with something else.</summary>
internal sealed class FakeResolver : INameResolver
{
    private static readonly IPAddress Balancer = IPAddress.Parse("192.0.2.1");

    public string Asked => "the name server of tests";

    /// <summary>For how many questions a name is unknown yet.</summary>
    public Dictionary<string, int> UnknownFor { get; } = [];

    /// <summary>Names that lead elsewhere.</summary>
    public Dictionary<string, string> Elsewhere { get; } = [];

    public Task<NameAnswer> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (UnknownFor.GetValueOrDefault(name) is > 0 and var left)
        {
            UnknownFor[name] = left - 1;
            return Task.FromResult(NameAnswer.None("no such name"));
        }

        return Task.FromResult(new NameAnswer([Elsewhere.TryGetValue(name, out var other) ? IPAddress.Parse(other) : Balancer], null));
    }
}
