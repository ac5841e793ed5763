namespace SyncStorage.Build.Hosting;

/// <summary>An option of the command line.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What its value is called in help; null for a flag.</param>
/// <param name="Description">For whom: which targets; what it does.</param>
internal sealed record Option(string Name, string? Value, string Description)
{
    /// <summary>Other spellings.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>May be given more than once.</summary>
    public bool Repeats { get; init; }

    /// <summary>Whether the engine takes it. The others are the deployment's.</summary>
    public bool Engine { get; init; }

    public bool IsCalled(string name) =>
        Name.Equals(name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    public override string ToString() => Value is null ? Name : $"{Name}=<{Value}>";
}
