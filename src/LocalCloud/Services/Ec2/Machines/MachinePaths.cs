namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>Where an instance's files are.</summary>
/// <param name="StateDirectory">LocalCloud's.</param>
/// <param name="InstanceId">The instance.</param>
internal sealed record MachinePaths(string StateDirectory, string InstanceId)
{
    /// <summary>Everything of this instance.</summary>
    public string Home => Path.Combine(StateDirectory, "instances", InstanceId);

    /// <summary>What the instance takes for <c>/</c>: its <c>DESTDIR</c>.</summary>
    public string Root => Path.Combine(Home, "root");

    public string Console => Path.Combine(Home, "console.log");

    /// <summary>What commands sent to it leave.</summary>
    public string Commands => Path.Combine(Home, "commands");

    public static string Shims(string stateDirectory) => Path.Combine(stateDirectory, "shim");

    public static string Control(string stateDirectory) => Path.Combine(stateDirectory, "control");

    public static string ImageRoot(string stateDirectory, string imageId) => Path.Combine(stateDirectory, "images", imageId, "root");

    /// <summary>A path of the instance's, e.g. <c>/opt/x</c>, as it is on this machine. It can't lead out of the root.</summary>
    public string Below(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Root, path.TrimStart('/')));
        return full == Root || full.StartsWith(Root + "/", StringComparison.Ordinal)
            ? full
            : throw new InvalidOperationException($"'{path}' is outside the instance's root directory.");
    }
}
