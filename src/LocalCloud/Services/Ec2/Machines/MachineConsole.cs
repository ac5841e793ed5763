using System.Globalization;
using System.Text;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines;

/// <summary>An instance's console: its processes append to the same file.</summary>
internal sealed class MachineConsole(string path, TimeProvider time)
{
    private const int MostBytes = 64 * 1024;
    private const int LargestFile = 16 * 1024 * 1024;

    private readonly Lock gate = new();

    public string Path => path;

    /// <summary>A line of the machine's own.</summary>
    public void Write(string source, string message)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"[{time.GetUtcNow():HH:mm:ss.fff}] {source}: {message}\n");
        lock (gate)
        {
            if (Directory.Exists(System.IO.Path.GetDirectoryName(path))) File.AppendAllText(path, line);
        }
    }

    /// <summary>Keeps a talkative process from filling the disk: of a large file the end stays. Its writers append, and go on.</summary>
    public void Trim()
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length <= LargestFile) return;
            var end = Read(path);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes(end));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The instance goes, or its disk is full: there is a next time.
        }
    }

    /// <summary>The last 64 KB, as AWS keeps them.</summary>
    public static string Read(string path)
    {
        if (!File.Exists(path)) return "";
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > MostBytes) stream.Seek(-MostBytes, SeekOrigin.End);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
