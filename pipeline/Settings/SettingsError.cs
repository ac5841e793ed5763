namespace SyncStorage.Pipeline.Settings;

/// <summary>One thing wrong with an environment's settings.</summary>
/// <param name="Path">Where, e.g. <c>dbnodes[0].name</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong, e.g. <c>must be 1 to 100, is 300</c>.</param>
/// <param name="Line">The line in the file, from 1; null if it isn't there (missing, or from <c>--set</c>).</param>
public sealed record SettingsError(string Path, string Message, int? Line = null)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"{(Path.Length > 0 ? Path : "the file")}{(Line is { } line ? $" (line {line})" : "")}: {Message}";
}

/// <summary>Collects errors; the first at a place wins, so that a wrong type isn't also out of range.</summary>
public sealed class SettingsErrors
{
    private readonly List<SettingsError> errors = [];

    /// <summary>All errors so far, in the order found.</summary>
    public IReadOnlyList<SettingsError> All => errors;

    /// <summary>Adds an error, unless the place, or one that contains it, has one already.</summary>
    /// <param name="path">E.g. <c>dbnodes[0].name</c>.</param>
    /// <param name="message">What is wrong.</param>
    public void Add(string path, string message)
    {
        if (!errors.Exists(error => Contains(error.Path, path)))
            errors.Add(new SettingsError(path, message));
    }

    /// <summary>The errors with the lines of the file that they are on.</summary>
    /// <param name="lines">Path to line.</param>
    internal IReadOnlyList<SettingsError> WithLines(IReadOnlyDictionary<string, int> lines) =>
        [.. errors.Select(error => error.Line is null && lines.TryGetValue(error.Path, out var line) ? error with { Line = line } : error)];

    private static bool Contains(string outer, string inner) =>
        inner == outer || (outer.Length > 0 && inner.StartsWith(outer, StringComparison.Ordinal) && inner[outer.Length] is '.' or '[');
}
