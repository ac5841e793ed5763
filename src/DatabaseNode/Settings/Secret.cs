namespace SyncStorage.DatabaseNode.Settings;

/// <summary>A password: whatever formats it, it does not show.</summary>
internal sealed class Secret(string value)
{
    /// <summary>The password itself.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "[REDACTED]";
}
