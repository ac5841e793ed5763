using System.Diagnostics;
using System.Globalization;
using SyncStorage.DatabaseNode.Backups;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Tests.Serving;

/// <summary>AWS as folders: objects are files, and a snapshot is a copy of a volume's folder, made while its server stands still.</summary>
internal sealed class FolderCloud(string folder) : ICloud
{
    public string Password { get; set; } = "m4ster'\\\"pass";

    public List<(NodeSnapshot Snapshot, IReadOnlyDictionary<string, string> Tags)> Made { get; } = [];

    /// <summary>What the volume of the node that asks is.</summary>
    public string Volume { get; set; } = "";

    public string ObjectsOf(string prefix) => Path.Combine(folder, "objects", prefix);

    public string SnapshotFolder(string id) => Path.Combine(folder, "snapshots", id);

    public Task<Secret> ReadSecretAsync(string parameter, CancellationToken cancellationToken) => Task.FromResult(new Secret(Password));

    public async Task PutAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ObjectsOf(key))!);
        await using var file = File.Create(ObjectsOf(key));
        await content.CopyToAsync(file, cancellationToken);
    }

    public Task<Stream?> GetAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(File.Exists(ObjectsOf(key)) ? File.OpenRead(ObjectsOf(key)) : null);

    public async Task<string> CreateSnapshotAsync(IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        var id = $"snap-{Made.Count}";
        var pid = (await File.ReadAllTextAsync(Path.Combine(Volume, "data", "mariadb.pid"), cancellationToken)).Trim();
        await SignalAsync("-STOP", pid);
        try
        {
            CopyFolder(Volume, SnapshotFolder(id));
        }
        finally
        {
            await SignalAsync("-CONT", pid);
        }

        Made.Add((new NodeSnapshot(id, DateTimeOffset.Parse(tags[SnapshotTags.TakenAt], CultureInfo.InvariantCulture), tags[SnapshotTags.Timeline]), tags));
        return id;
    }

    public Task<IReadOnlyList<NodeSnapshot>> SnapshotsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<NodeSnapshot>>([.. Made.Select(one => one.Snapshot)]);

    public Task DeleteSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        Made.RemoveAll(one => one.Snapshot.Id == id);
        return Task.CompletedTask;
    }

    public static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static async Task SignalAsync(string signal, string pid)
    {
        using var kill = Process.Start("kill", [signal, pid]);
        await kill.WaitForExitAsync();
    }
}
