using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>
/// A bucket on disk: <c>bucket.json</c>, one file of metadata a key in <c>objects/</c>, and the data in <c>data/</c>. An
/// object exists when its metadata does, which is replaced atomically; data without metadata is removed at start.
/// </summary>
internal sealed class Bucket
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly SortedDictionary<string, ObjectState> objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> deletions = new(StringComparer.Ordinal);
    private readonly string folder;
    private long changes;

    private Bucket(string folder, BucketState state)
    {
        this.folder = folder;
        State = state;
    }

    /// <summary>Guards everything here.</summary>
    public Lock Gate { get; } = new();

    public BucketState State { get; }

    public string UploadsFolder => Path.Combine(folder, "uploads");

    public bool IsEmpty => objects.Count == 0;

    /// <summary>Set when the bucket is deleted: who waited for its lock must not write any more.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Grows with each change. With <see cref="DeletedSince"/> it tells what happened during an upload.</summary>
    public long Changes => changes;

    public static Bucket Create(string folder, BucketState state)
    {
        foreach (var name in new[] { "", "objects", "data", "uploads" }) PrivateFile.CreateDirectory(Path.Combine(folder, name));
        var bucket = new Bucket(folder, state);
        bucket.SaveState();
        return bucket;
    }

    public static Bucket? Load(string folder)
    {
        var path = Path.Combine(folder, "bucket.json");
        if (!File.Exists(path)) return null;
        var bucket = new Bucket(folder, JsonSerializer.Deserialize<BucketState>(File.ReadAllBytes(path), Json)!);
        var inUse = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "objects"), "*.json"))
        {
            var state = JsonSerializer.Deserialize<ObjectState>(File.ReadAllBytes(file), Json)!;
            bucket.objects[state.Key] = state;
            inUse.UnionWith(state.Versions.Select(version => version.DataFile).OfType<string>());
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "data")).Where(file => !inUse.Contains(Path.GetFileName(file)))) File.Delete(file);
        return bucket;
    }

    public void SaveState() => PrivateFile.Write(Path.Combine(folder, "bucket.json"), JsonSerializer.SerializeToUtf8Bytes(State, Json));

    public ObjectState? Find(string key) => objects.GetValueOrDefault(key);

    /// <summary>All keys with a prefix, in order.</summary>
    public IEnumerable<ObjectState> WithPrefix(string prefix) => objects.Values.Where(state => state.Key.StartsWith(prefix, StringComparison.Ordinal));

    public static string NewDataFile() => Guid.NewGuid().ToString("N");

    public string DataPath(string dataFile) => Path.Combine(folder, "data", dataFile);

    public FileStream OpenData(ObjectVersion version) => new(
        DataPath(version.DataFile!), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Puts a version, or a delete marker, where the bucket's versioning says it belongs.</summary>
    public void Add(string key, ObjectVersion version)
    {
        var versions = Find(key)?.Versions ?? [];

        // Without versioning there is one "null" version, which each put replaces.
        var replaced = versions.Where(existing => version.VersionId == ObjectVersion.NullId && existing.VersionId == ObjectVersion.NullId).ToList();
        Replace(key, [.. versions.Except(replaced), version], replaced);
    }

    /// <summary>Removes one version for good.</summary>
    public void Remove(string key, ObjectVersion version)
    {
        var versions = Find(key)?.Versions ?? [];
        Replace(key, [.. versions.Where(existing => existing != version)], [version]);
    }

    /// <summary>Whether a key was deleted after <paramref name="change"/>.</summary>
    public bool DeletedSince(string key, long change) => deletions.TryGetValue(key, out var deleted) && deleted > change;

    public void DeleteFiles()
    {
        IsDeleted = true;

        // Without its description it is no bucket any more, should the rest be interrupted.
        File.Delete(Path.Combine(folder, "bucket.json"));
        Directory.Delete(folder, recursive: true);
    }

    private void Replace(string key, IReadOnlyList<ObjectVersion> versions, IEnumerable<ObjectVersion> removed)
    {
        changes++;
        var path = Path.Combine(folder, "objects", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + ".json");
        if (versions.Count == 0)
        {
            objects.Remove(key);
            File.Delete(path);
        }
        else
        {
            var state = new ObjectState(key, versions);
            PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(state, Json));
            objects[key] = state;
        }

        if (versions.Count == 0 || versions[^1].IsDeleteMarker) deletions[key] = changes;
        foreach (var file in removed.Select(version => version.DataFile).OfType<string>()) File.Delete(DataPath(file));
    }
}
