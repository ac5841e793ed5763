using System.Net;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Dns;

/// <summary>Whether the virtual hostnames resolve to the load balancer's addresses, for who asks from here.</summary>
public sealed class NameCheck(EnvironmentSettings settings, Observation observation, INameResolver resolver, Waiter waiter, IProgress progress)
{
    private const int ShownAtOnce = 3;

    /// <summary>Waits until all names do.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NameNotResolved"/>.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        var found = await LookAsync(cancellationToken);
        found.Require();
        progress.Found($"{found.Addresses.Count} names resolve to the load balancer, says {resolver.Asked}");
    }

    /// <summary>Waits until all names do, or the time for it is over.</summary>
    public async Task<ResolvedNames> LookAsync(CancellationToken cancellationToken)
    {
        var hostnames = settings.Hosts.Select(host => host.Hostname).ToList();
        var target = (await observation.LoadBalancer.GetAsync(cancellationToken))?.Description.DNSName
            ?? throw new PipelineException(ErrorCode.NameNotResolved, "There is no load balancer that names could resolve to.", hint: "./build.sh --target=Ensure-Load-Balancer");
        ResolvedNames? last = null;
        try
        {
            return await waiter.UntilAsync($"{hostnames.Count} names to resolve to the load balancer", settings.Waits.Pace(settings.Dns!.ResolveSeconds), async token =>
            {
                last = await OnceAsync(hostnames, DnsName.Plain(target), token);
                return last.Wrong.Count == 0 ? Poll.Done(last) : Poll.NotYet<ResolvedNames>(Short(last.Wrong));
            }, cancellationToken);
        }
        catch (PipelineException late) when (late.Code == ErrorCode.TimedOut && last is not null)
        {
            return last;
        }
    }

    private async Task<ResolvedNames> OnceAsync(IReadOnlyList<string> hostnames, string target, CancellationToken cancellationToken)
    {
        // A load balancer has several addresses, and they move: one that both have is enough.
        var balancer = await resolver.ResolveAsync(target, cancellationToken);
        var answers = await Task.WhenAll(hostnames.Select(async name => (Name: name, Answer: await resolver.ResolveAsync(name, cancellationToken))));
        var addresses = new Dictionary<string, IPAddress>(StringComparer.Ordinal);
        var wrong = new List<string>();
        if (balancer.Trouble is { } trouble) wrong.Add($"{target}, the load balancer itself: {trouble}");
        foreach (var (name, answer) in answers)
        {
            if (answer.Addresses.FirstOrDefault(balancer.Addresses.Contains) is { } address) addresses[name] = address;
            else wrong.Add($"{name}: {answer.Trouble ?? $"{string.Join(", ", answer.Addresses)}, which is not the load balancer ({(balancer.Addresses.Count == 0 ? "not known" : string.Join(", ", balancer.Addresses))})"}");
        }

        return new ResolvedNames(addresses, wrong, resolver.Asked);
    }

    private static string Short(IReadOnlyList<string> wrong) =>
        $"{string.Join("; ", wrong.Take(ShownAtOnce))}{(wrong.Count > ShownAtOnce ? $"; and {wrong.Count - ShownAtOnce} more" : "")}";
}

/// <summary>What names resolve to.</summary>
/// <param name="Addresses">Of each name that leads to the load balancer, an address of it.</param>
/// <param name="Wrong">The others, each with what it resolves to.</param>
/// <param name="Asked">Who was asked.</param>
public sealed record ResolvedNames(IReadOnlyDictionary<string, IPAddress> Addresses, IReadOnlyList<string> Wrong, string Asked)
{
    /// <summary>Refuses what is wrong.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NameNotResolved"/>.</exception>
    public void Require()
    {
        if (Wrong.Count > 0)
            throw new PipelineException(
                ErrorCode.NameNotResolved, $"{Wrong.Count} names do not resolve to the load balancer, says {Asked}.", lastSeen: string.Join('\n', Wrong),
                hint: "A resolver may keep an old answer for as long as its record said: dns.resolveSeconds says how long is waited for that, dns.resolver who is asked. "
                    + "Where the zone is new, its parent must delegate to its name servers. Then run the same command again.");
    }
}
