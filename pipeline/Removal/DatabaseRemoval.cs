using System.Globalization;
using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Asks for the removal of databases: each leaves a final snapshot, unless it is in a state in which AWS can make none.</summary>
public sealed class DatabaseRemoval(IClients clients, RemovalWaits waits, TimeProvider time, IProgress progress)
{
    /// <summary>Takes its protection away and asks for its removal; does not wait for the end.</summary>
    public async Task RequestAsync(DBInstance database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (database.DBInstanceStatus == "deleting") return;
        var name = database.DBInstanceIdentifier;
        if (database.DeletionProtection == true)
            await waits.DeleteAsync($"deletion protection of {name}", token => clients.Rds.ModifyDBInstanceAsync(
                new ModifyDBInstanceRequest { DBInstanceIdentifier = name, DeletionProtection = false, ApplyImmediately = true }, token), cancellationToken);

        // Without a snapshot the automated backups are all that is left of what it held.
        var snapshot = DatabasePlan.CanBeSnapshot(database) ? string.Create(CultureInfo.InvariantCulture, $"{name}-final-{time.GetUtcNow():yyyyMMddHHmmss}") : null;
        var request = new DeleteDBInstanceRequest
        {
            DBInstanceIdentifier = name,
            SkipFinalSnapshot = snapshot is null,
            FinalDBSnapshotIdentifier = snapshot,
            DeleteAutomatedBackups = snapshot is not null,
        };
        if (await waits.DeleteAsync($"database {name}", token => clients.Rds.DeleteDBInstanceAsync(request, token), cancellationToken))
            progress.Changed(snapshot is null
                ? $"database {name} is being deleted; it is {database.DBInstanceStatus}, of which no final snapshot can be made"
                : $"database {name} is being deleted, with the final snapshot {snapshot}");
    }
}
