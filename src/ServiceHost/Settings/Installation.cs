using System.Reflection;

namespace SyncStorage.ServiceHost.Settings;

/// <summary>Where this executable is installed, and which release it is.</summary>
internal sealed record Installation
{
    private const string Unreleased = "unreleased";

    /// <summary>The release, from the file that the install script wrote; <c>unreleased</c> where there is none.</summary>
    public required string Release { get; init; }

    /// <summary>The product's version.</summary>
    public string Version { get; } =
        typeof(Installation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>The file with this instance's configuration.</summary>
    public required string EnvironmentFile { get; init; }

    /// <summary>The program's name: that of its folder, its executable and the file with its configuration.</summary>
    public required string Program { get; init; }

    /// <summary>The installation around the executable's folder: <c>/opt/syncstorage/&lt;program&gt;</c> below some root.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="folder">The executable's folder.</param>
    public static Installation Find(string program, string folder)
    {
        var releaseFile = Path.GetFullPath(Path.Combine(folder, "..", "release"));
        return new Installation
        {
            Program = program,
            Release = File.Exists(releaseFile) ? File.ReadAllText(releaseFile).Trim() : Unreleased,
            EnvironmentFile = Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "etc", "syncstorage", program + ".env")),
        };
    }
}
