namespace SyncStorage.TokenServer.Purging;

/// <summary>How a purge went.</summary>
/// <param name="Purged">Records that are gone, and what they had with them.</param>
/// <param name="Failed">Records that were put off.</param>
/// <param name="LastError">What was wrong with the last of these.</param>
internal sealed record PurgeResult(int Purged, int Failed, string? LastError);

/// <summary>
/// Deletes what users left behind where they were before: first the data on the node, then the record. What can't be deleted now is put off
/// for an hour; what is on a node that is down is left alone, unless that is wanted.
/// </summary>
internal sealed class RecordPurge(IOldRecords records, INodeData data, TimeProvider time)
{
    private const int Chunk = 100;
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);

    /// <summary>Purges.</summary>
    /// <param name="grace">How long a record is kept after it was replaced.</param>
    /// <param name="force">Also records of nodes that are down, without their data: it is gone with the node.</param>
    /// <param name="most">How many records at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PurgeResult> RunAsync(TimeSpan grace, bool force, int most, CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - grace).ToUnixTimeMilliseconds();
        var (purged, failed, lastError) = (0, 0, (string?)null);
        while (purged + failed < most)
        {
            var found = await records.FindAsync(before, force, Math.Min(Chunk, most - purged - failed), cancellationToken);
            if (found.Count == 0) break;
            foreach (var record in found)
            {
                var error = record.Node is null || record.Downed ? null : await data.DeleteAsync(record.Node, record.Uid, cancellationToken);
                if (error is null)
                {
                    await records.DeleteAsync(record.Uid, cancellationToken);
                    purged++;
                    continue;
                }

                await records.PutOffAsync(record.Uid, before + (long)Later.TotalMilliseconds, cancellationToken);
                (failed, lastError) = (failed + 1, error);
            }
        }

        return new PurgeResult(purged, failed, lastError);
    }
}
