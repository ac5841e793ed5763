using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Config;

/// <summary>The webheads' configuration.</summary>
public sealed class ConfigStore(ClusterBucket bucket) : DocumentStore<ConfigDocument>(bucket, Prefix)
{
    private const string Prefix = "config/";

    /// <summary>The version of the document with this key; null if it is no document's.</summary>
    internal static int? VersionOf(string key) => VersionOf(key, Prefix);
}
