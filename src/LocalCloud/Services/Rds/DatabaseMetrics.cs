using System.Globalization;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>What a look at a running server finds.</summary>
/// <param name="Connections">How many clients are connected.</param>
/// <param name="UsedBytes">How much its files take.</param>
/// <param name="FreeBytes">How much the disk has left.</param>
internal sealed record DatabaseFigures(int Connections, long UsedBytes, long FreeBytes);

/// <summary>Asks each database how many clients it has, and how much of its storage is left.</summary>
internal sealed class DatabaseMetrics(RdsService databases, IDatabaseEngine engine) : IMetricSource
{
    private const string Space = "AWS/RDS";
    private const double BytesOfGiB = 1024.0 * 1024 * 1024;

    public async Task MeasureAsync(IMetricSink sink, CancellationToken cancellationToken)
    {
        foreach (var (server, storageGiB) in databases.Serving)
        {
            if (await engine.MeasureAsync(server, cancellationToken) is not { } figures) continue;
            var dimension = ("DBInstanceIdentifier", server.Id);
            sink.Series(Space, "DatabaseConnections", "Count", dimension).Add(figures.Connections);

            // What was asked for less what is used, but no more than this machine's disk has.
            sink.Series(Space, "FreeStorageSpace", "Bytes", dimension).Add(Math.Max(0, Math.Min((storageGiB * BytesOfGiB) - figures.UsedBytes, figures.FreeBytes)));
        }
    }

    /// <summary>The size of a folder's files.</summary>
    internal static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Sum(file => file.Exists ? file.Length : 0);

    internal static int Number(object? value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);
}
