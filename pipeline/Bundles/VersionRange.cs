using System.Globalization;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>The oldest and the newest version of something that a release works with.</summary>
/// <param name="Min">The oldest.</param>
/// <param name="Max">The newest.</param>
public sealed record VersionRange(int Min, int Max)
{
    /// <summary>As the value of a tag: <c>1-2</c>.</summary>
    public string Tag => string.Create(CultureInfo.InvariantCulture, $"{Min}-{Max}");

    /// <summary>Reads a tag's value; null if it is none.</summary>
    public static VersionRange? Parse(string? tag) =>
        tag?.Split('-') is [var min, var max]
            && int.TryParse(min, NumberStyles.None, CultureInfo.InvariantCulture, out var oldest)
            && int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out var newest)
            ? new VersionRange(oldest, newest)
            : null;

    /// <summary>Whether it has a version.</summary>
    public bool Contains(int version) => version >= Min && version <= Max;

    /// <summary>Whether it has all of another's versions.</summary>
    public bool Contains(VersionRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Contains(other.Min) && Contains(other.Max);
    }

    /// <summary>Whether two have a version in common.</summary>
    public bool Overlaps(VersionRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Min <= other.Max && other.Min <= Max;
    }

    /// <inheritdoc/>
    public override string ToString() => Min == Max ? Min.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}");
}

/// <summary>What a release works with, as its <c>compatibility.json</c> declares it.</summary>
/// <param name="Schema">The schemas of a virtual hostname's database.</param>
/// <param name="Configuration">The formats of configuration documents.</param>
public sealed record Compatibility(VersionRange Schema, VersionRange Configuration)
{
    /// <summary>The file, in the webhead's folder of a bundle.</summary>
    public const string FileName = "compatibility.json";
}
