namespace SyncStorage.ServiceHost.Settings;

/// <summary>Reads <c>KEY=value</c> lines as the service manager does, for the commands that it does not start.</summary>
internal static class EnvironmentFile
{
    /// <summary>The file's variables; none if there is no such file.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path)) return variables;

        foreach (var line in File.ReadLines(path).Select(line => line.Trim()))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || line[0] is '#' or ';') continue;
            variables[line[..equals].TrimEnd()] = Unquote(line[(equals + 1)..].Trim());
        }

        return variables;
    }

    private static string Unquote(string value) =>
        value is ['"', .., '"'] or ['\'', .., '\''] ? value[1..^1] : value;
}
