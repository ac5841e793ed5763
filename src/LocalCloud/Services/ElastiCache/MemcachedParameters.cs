using System.Globalization;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>A parameter of memcached as ElastiCache describes it.</summary>
/// <param name="Name">As in the API.</param>
/// <param name="Default">The value without a parameter group of one's own.</param>
/// <param name="Type"><c>integer</c>, <c>float</c>, <c>string</c> or <c>boolean</c>.</param>
/// <param name="Allowed">A range <c>a-b</c> or a list <c>a,b</c>.</param>
/// <param name="Modifiable">Whether a user may change it.</param>
/// <param name="Immediate">Whether a change needs no reboot.</param>
internal sealed record MemcachedParameter(string Name, string Default, string Type, string Allowed, bool Modifiable, bool Immediate = false)
{
    /// <summary>Whether a value is in the range or list.</summary>
    public bool Allows(string value)
    {
        if (Allowed.Contains(',', StringComparison.Ordinal)) return Allowed.Split(',').Contains(value, StringComparer.Ordinal);
        var bounds = Allowed.Split('-');
        return decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && (Type is "float" || decimal.IsInteger(number))
            && number >= decimal.Parse(bounds[0], CultureInfo.InvariantCulture) && number <= decimal.Parse(bounds[1], CultureInfo.InvariantCulture);
    }
}

/// <summary>The parameters of the family memcached1.6, and the command line that they make.</summary>
internal static class MemcachedParameters
{
    public const string MaxItemSize = "max_item_size";
    public const string Family = "memcached1.6";
    public const string DefaultGroup = $"default.{Family}";

    /// <summary>More than a laptop's limit of open files would let it have.</summary>
    private const int MaxConnections = 1000;
    private const int Megabyte = 1024 * 1024;
    private const int SmallestMemoryMegabytes = 64;

    public static readonly IReadOnlyList<MemcachedParameter> All =
    [
        new("backlog_queue_limit", "1024", "integer", "1-10000", false),
        new("binding_protocol", "auto", "string", "auto,binary,ascii", true),
        new("cas_disabled", "0", "boolean", "0,1", true),
        new("chunk_size", "48", "integer", "1-1024", true),
        new("chunk_size_growth_factor", "1.25", "float", "1-1024", true),
        new("config_max", "16", "integer", "16-16", false),
        new("config_size_max", "65536", "integer", "65536-65536", false),
        new("disable_flush_all", "0", "boolean", "0,1", true),
        new("error_on_memory_exhausted", "0", "boolean", "0,1", true),
        new("hash_algorithm", "murmur3", "string", "jenkins,murmur3", true),
        new("idle_timeout", "0", "integer", "0-86400", true),
        new("large_memory_pages", "0", "boolean", "0,1", false),
        new("lock_down_paged_memory", "0", "boolean", "0,1", false),
        new("lru_crawler", "1", "boolean", "0,1", true, Immediate: true),
        new("lru_maintainer", "1", "boolean", "0,1", true),
        new(MaxItemSize, "1048576", "integer", "1024-1073741824", true),
        new("max_simultaneous_connections", "65000", "integer", "3-65000", false),
        new("maximize_core_file_limit", "0", "boolean", "0,1", false),
        new("memcached_connections_overhead", "100", "integer", "0-65536", true),
        new("requests_per_event", "20", "integer", "1-1000", false),
        new("slab_automove", "1", "integer", "0,1,2", true, Immediate: true),
        new("slab_chunk_max", "524288", "integer", "1024-1073741824", true),
    ];

    /// <summary>A value of a group, or the default.</summary>
    public static string Value(IReadOnlyDictionary<string, string> values, string name) =>
        values.GetValueOrDefault(name) ?? All.First(parameter => parameter.Name == name).Default;

    /// <summary>The command line's part that comes from the parameters.</summary>
    public static IReadOnlyList<string> Arguments(IReadOnlyDictionary<string, string> values)
    {
        var itemBytes = int.Parse(Of(MaxItemSize), CultureInfo.InvariantCulture);

        // memcached wants room for several of the largest items.
        var memory = Math.Max(SmallestMemoryMegabytes, 8 * (itemBytes / Megabyte));
        List<string> arguments =
        [
            "-m", $"{memory}", "-I", $"{itemBytes}", "-c", $"{MaxConnections}",
            "-B", Of("binding_protocol"), "-n", Of("chunk_size"), "-f", Of("chunk_size_growth_factor"), "-R", Of("requests_per_event"),
            "-o", Extended(),
        ];
        if (Of("cas_disabled") == "1") arguments.Add("-C");
        if (Of("disable_flush_all") == "1") arguments.Add("-F");
        if (Of("error_on_memory_exhausted") == "1") arguments.Add("-M");
        return arguments;

        string Of(string name) => Value(values, name);

        string Extended() => string.Join(',',
            [
                $"hash_algorithm={Of("hash_algorithm")}",
                $"idle_timeout={Of("idle_timeout")}",
                $"slab_automove={Of("slab_automove")}",
                .. Of("lru_crawler") == "0" ? ["no_lru_crawler"] : Array.Empty<string>(),
                .. Of("lru_maintainer") == "0" ? ["no_lru_maintainer"] : Array.Empty<string>(),
            ]);
    }
}
