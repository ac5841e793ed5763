namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>What follows from an instance class, by the sizes that RDS documents.</summary>
internal static class InstanceClasses
{
    /// <summary>RDS's default for MySQL: one connection for so many bytes of memory.</summary>
    private const long BytesAConnection = 12_582_880;

    private const int MostConnections = 16_000;

    private static readonly string[] Burstable = ["micro", "small", "medium", "large", "xlarge", "2xlarge"];
    private static readonly string[] Steady = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

    /// <summary>The classes of MySQL that can be ordered.</summary>
    public static IReadOnlyList<string> Offered { get; } =
    [
        .. ((string[])["t3", "t4g"]).SelectMany(family => Burstable.Select(size => $"db.{family}.{size}")),
        .. ((string[])["m5", "m6g", "m6i", "m7g", "m7i", "r5", "r6g", "r6i", "r7g", "r7i"]).SelectMany(family => Steady.Select(size => $"db.{family}.{size}")),
    ];

    /// <summary>How many connections the class's default parameter group allows.</summary>
    public static int MaxConnections(string instanceClass) => (int)Math.Min(MostConnections, (MemoryGiB(instanceClass) << 30) / BytesAConnection);

    /// <summary>The memory of <c>db.&lt;family&gt;.&lt;size&gt;</c>, in GiB.</summary>
    private static long MemoryGiB(string instanceClass)
    {
        var (family, size) = instanceClass.Split('.') is [_, var first, var second, ..] ? (first, second) : throw new ArgumentException($"{instanceClass} is no instance class.", nameof(instanceClass));
        return size switch
        {
            "micro" => 1,
            "small" => 2,
            "medium" => 4,
            _ => GiBOfLarge(family) * Larges(size),
        };
    }

    // The general purpose families have 4 GiB a vCPU, those for memory 8 and more.
    private static long GiBOfLarge(string family) => family[0] switch
    {
        'r' => 16,
        'x' or 'z' => 32,
        _ => 8,
    };

    private static long Larges(string size) => size switch
    {
        "large" => 1,
        "xlarge" => 2,
        _ when size.EndsWith("xlarge", StringComparison.Ordinal) && int.TryParse(size[..^"xlarge".Length], out var xlarges) => 2 * xlarges,
        _ => 1,
    };
}
