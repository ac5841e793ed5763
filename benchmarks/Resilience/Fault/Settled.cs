using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Fault;

/// <summary>Looks at a world once nothing in it is on its way any more.</summary>
internal static class Settled
{
    private const int Looks = 60;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Passing = [" creating ", " backing-up ", " modifying ", " pending "];

    /// <summary>What there is: data stores that were asked for have come, and processes that were told to have ended.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(World world)
    {
        var there = await world.ReadAsync();
        for (var looks = 0; looks < Looks; looks++)
        {
            await Task.Delay(BetweenLooks, TimeProvider.System);
            var next = await world.ReadAsync();
            if (next.SequenceEqual(there) && !next.Any(line => Passing.Any(state => line.Contains(state, StringComparison.Ordinal)))) return next;
            there = next;
        }

        return there;
    }

    /// <summary>Runs a target that nothing disturbs, and says whether it then is as it must be: the end of every case.</summary>
    public static async Task<FaultRow> ConvergedAsync(FaultRow row, Cluster cluster, IReadOnlyList<string> expected, string target, params string[] arguments)
    {
        var next = await FaultRun.OfAsync(cluster, target, arguments);
        if (next.ExitCode != 0) return row with { Outcome = $"{row.Outcome}; the next run ended with {next.ExitCode}: {next.Tail}" };
        using var world = new World(cluster);
        if (await DifferenceAsync(world, expected) is { } difference) return row with { Outcome = $"{row.Outcome}; after the next run {difference}" };
        return await world.IsUnlockedAsync() ? row with { ConvergedAfterSeconds = next.Seconds } : row with { Outcome = $"{row.Outcome}; after the next run the lock is still held" };
    }

    /// <summary>What differs from what there should be; null if nothing does.</summary>
    public static async Task<string?> DifferenceAsync(World world, IReadOnlyList<string> expected)
    {
        await ReadAsync(world);
        return await world.DifferenceAsync(expected);
    }
}
