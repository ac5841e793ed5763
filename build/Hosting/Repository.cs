namespace SyncStorage.Build.Hosting;

/// <summary>Where this build's sources are, whichever folder it was started from.</summary>
public sealed record Repository(string Root)
{
    private const string Marker = "SyncStorage.slnx";

    /// <summary>Looks upwards from the running program.</summary>
    public static Repository Find() => new(Upwards(AppContext.BaseDirectory));

    /// <summary>A path below the root.</summary>
    public string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>The folder that a project was built into, in the configuration of the running program.</summary>
    public string OutputOf(params ReadOnlySpan<string> project)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(At(project), "bin", own.Parent!.Name, own.Name);
    }

    private static string Upwards(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Marker)))
                return folder.FullName;

        throw new DirectoryNotFoundException($"No folder above {start} has {Marker}.");
    }
}
