using System.IO.Compression;
using System.Text;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>User data as cloud-init takes it: once an instance, if it is a script.</summary>
internal sealed class UserDataScript(MachinePaths paths, string? encoded)
{
    private string Marker => paths.Below($"/var/lib/cloud/instances/{paths.InstanceId}/sem/config_scripts_user");

    private string Script => paths.Below($"/var/lib/cloud/instances/{paths.InstanceId}/scripts/part-001");

    /// <summary>Prepares the first run. Gives the command, or null with the reason why nothing runs.</summary>
    public (IReadOnlyList<string>? Command, string Reason) Prepare()
    {
        if (string.IsNullOrEmpty(encoded)) return (null, "no user data");
        if (File.Exists(Marker)) return (null, "user data ran at the first boot");
        var text = Decode(encoded);
        if (!text.StartsWith("#!", StringComparison.Ordinal)) return (null, "unhandled user data: it does not start with #!");
        Directory.CreateDirectory(Path.GetDirectoryName(Marker)!);
        Directory.CreateDirectory(Path.GetDirectoryName(Script)!);
        File.WriteAllText(Marker, "");
        File.WriteAllText(Script, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return (Interpreter(text), "");
    }

    /// <summary>Forgets that it ran, and everything else cloud-init keeps.</summary>
    public static void Clean(MachinePaths paths)
    {
        var directory = paths.Below("/var/lib/cloud");
        DiskTree.Delete(directory);
        Directory.CreateDirectory(directory);
    }

    private IReadOnlyList<string> Interpreter(string text)
    {
        var end = text.IndexOf('\n');
        var line = (end < 0 ? text : text[..end])[2..].Trim();
        var blank = line.IndexOf(' ');
        var program = blank < 0 ? line : line[..blank];
        var below = paths.Below(program);

        // As the kernel does it: everything after the interpreter is one argument.
        return [File.Exists(below) ? below : program, .. blank < 0 ? Array.Empty<string>() : [line[(blank + 1)..].Trim()], Script];
    }

    private static string Decode(string encoded)
    {
        var bytes = Convert.FromBase64String(encoded);
        if (bytes is not [0x1f, 0x8b, ..]) return Encoding.UTF8.GetString(bytes);
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
