namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>A dbnode's name names one.</summary>
internal sealed class UniqueNodeNamesRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors) =>
        Uniqueness.Check(settings.Dbnodes.Select((node, i) => (node.Name, $"dbnodes[{i}].name")), errors);
}

/// <summary>A virtual hostname has one database in the whole cluster.</summary>
internal sealed class UniqueHostnamesRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors) => Uniqueness.Check(
        settings.Dbnodes.SelectMany((node, i) => node.Hosts.Select((host, j) => (host.Hostname, $"dbnodes[{i}].hosts[{j}].hostname"))), errors);
}

/// <summary>A database belongs to one virtual hostname of its dbnode.</summary>
internal sealed class UniqueDatabasesRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        for (var i = 0; i < settings.Dbnodes.Count; i++)
            Uniqueness.Check(settings.Dbnodes[i].Hosts.Select((host, j) => (host.Database, $"dbnodes[{i}].hosts[{j}].database")), errors);
    }
}

/// <summary>What the rules about unique values share.</summary>
internal static class Uniqueness
{
    public static void Check(IEnumerable<(string Value, string Path)> places, SettingsErrors errors)
    {
        var first = new Dictionary<string, string>();
        foreach (var (value, path) in places)
        {
            if (!first.TryAdd(value, path))
                errors.Add(path, $"\"{value}\" is also {first[value]}; it must be unique");
        }
    }
}
