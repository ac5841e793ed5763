namespace SyncStorage.ServiceHost.Settings;

/// <summary>The oldest and the newest version of something that a release works with.</summary>
internal sealed record VersionRange(int Min, int Max)
{
    public bool Contains(int version) => version >= Min && version <= Max;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Min} to {Max}");
}
