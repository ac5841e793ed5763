using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;

namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>The buckets of this state directory.</summary>
internal sealed partial class S3Store
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);
    private readonly string root;

    public S3Store(CloudContext cloud)
    {
        root = Path.Combine(cloud.StateDirectory, "s3");
        PrivateFile.CreateDirectory(root);
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            if (Bucket.Load(folder) is { } bucket) buckets[bucket.State.Name] = bucket;
        }
    }

    public IEnumerable<Bucket> All => buckets.Values.OrderBy(bucket => bucket.State.Name, StringComparer.Ordinal);

    public Bucket? Find(string name) => buckets.GetValueOrDefault(name);

    /// <summary>Adds a bucket; false if there is one of that name.</summary>
    public bool TryAdd(BucketState state)
    {
        lock (buckets)
        {
            return !buckets.ContainsKey(state.Name) && buckets.TryAdd(state.Name, Bucket.Create(Path.Combine(root, state.Name), state));
        }
    }

    /// <exception cref="AwsException">It has objects.</exception>
    public void Remove(Bucket bucket)
    {
        lock (buckets)
        {
            lock (bucket.Gate)
            {
                if (!bucket.IsEmpty) throw S3Errors.BucketNotEmpty;
                bucket.DeleteFiles();
            }

            buckets.TryRemove(bucket.State.Name, out _);
        }
    }

    /// <summary>Whether S3 allows the name. It also is a folder's name here.</summary>
    public static bool IsValidName(string name) => name.Length is >= 3 and <= 63 && NamePattern().IsMatch(name) && !IPAddress.TryParse(name, out _)
        && !name.StartsWith("xn--", StringComparison.Ordinal) && !name.EndsWith("-s3alias", StringComparison.Ordinal);

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
