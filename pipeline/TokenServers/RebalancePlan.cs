using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>How many users are to leave which nodes.</summary>
/// <param name="From">The dbnode, or the virtual hostname, that they leave.</param>
/// <param name="Users">How many; null where a share is said.</param>
/// <param name="Share">Which share of those that are there, 1 to 100 percent; null where a count is said.</param>
/// <param name="Step">How many at a time.</param>
/// <param name="Pause">How long between one step and the next.</param>
public sealed record RebalanceRequest(string From, int? Users, int? Share, int Step, TimeSpan Pause);

/// <summary>Users that leave one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Users">How many.</param>
public sealed record RebalanceStep(string Node, int Users);

/// <summary>Plans a rebalancing: a pure function over the nodes as they are.</summary>
public static class RebalancePlan
{
    /// <summary>The steps, in order; together as many users as are asked for, from each node by what it has.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="from">The nodes that users leave.</param>
    /// <param name="others">All others.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RebalanceRefused"/>: it makes no sense, or they would come back, or nobody has room for them.</exception>
    public static IReadOnlyList<RebalanceStep> Of(RebalanceRequest request, IReadOnlyList<TokenNode> from, IReadOnlyList<TokenNode> others)
    {
        ArgumentNullException.ThrowIfNull(request);
        var there = from.Sum(node => node.Load);
        var leaving = request.Users ?? (there * request.Share!.Value + 99) / 100;
        if (leaving > there) throw Refused($"{request.From} has {there} users, and {leaving} can't leave it.");
        if (leaving == 0) return [];
        var open = others.Where(node => node is { Backoff: false, Downed: false }).ToList();
        var room = open.Sum(node => Math.Max(0, node.Capacity - node.Load));
        if (room < leaving)
            throw Refused($"The other nodes have room for {room} users, and {leaving} are to leave {request.From}.", "Add a dbnode first, or raise tokenServer.usersPerHost.");
        var shares = Shares(from, leaving);
        RequireToStayAway(request, from, shares, open);
        return [.. Interleaved(shares, request.Step)];
    }

    // By what each has; what rounding leaves over, from the fullest.
    private static Dictionary<string, long> Shares(IReadOnlyList<TokenNode> from, long leaving)
    {
        var there = from.Sum(node => node.Load);
        var shares = from.ToDictionary(node => node.Node, node => node.Load * leaving / there);
        foreach (var node in from.OrderByDescending(node => node.Load))
        {
            var more = Math.Min(leaving - shares.Values.Sum(), node.Load - shares[node.Node]);
            shares[node.Node] += more;
        }

        return shares;
    }

    // Each is given the least loaded node when it comes: so the others fill up evenly from below, and a node that takes users and is below that level then would get some again.
    private static void RequireToStayAway(RebalanceRequest request, IReadOnlyList<TokenNode> from, Dictionary<string, long> shares, List<TokenNode> open)
    {
        var level = Level(open, shares.Values.Sum());
        var attracting = from.Where(node => node is { Backoff: false, Downed: false } && (double)(node.Load - shares[node.Node]) / node.Capacity < level).Select(node => node.Node).ToList();
        if (attracting.Count > 0)
            throw Refused(
                $"{string.Join(", ", attracting)} would be the least loaded then, and get users of {request.From} again.",
                "Take fewer; or set \"assign\": false there and run ./build.sh --target=Deploy first.");
    }

    // How full the emptiest nodes are once they have taken so many more.
    private static double Level(IEnumerable<TokenNode> nodes, long more)
    {
        var (load, capacity) = ((double)more, 0d);
        foreach (var node in nodes.OrderBy(Fullness).TakeWhile(node => capacity == 0 || load / capacity > Fullness(node)))
        {
            load += node.Load;
            capacity += node.Capacity;
        }

        return load / capacity;
    }

    private static double Fullness(TokenNode node) => (double)node.Load / node.Capacity;

    private static IEnumerable<RebalanceStep> Interleaved(Dictionary<string, long> shares, int step)
    {
        while (shares.Values.Any(left => left > 0))
        {
            foreach (var node in shares.Keys.ToList())
            {
                var users = Math.Min(shares[node], step);
                shares[node] -= users;
                if (users > 0) yield return new RebalanceStep(node, (int)users);
            }
        }
    }

    private static PipelineException Refused(string message, string? hint = null) => new(ErrorCode.RebalanceRefused, $"{message} Nothing was changed.", hint: hint);
}
