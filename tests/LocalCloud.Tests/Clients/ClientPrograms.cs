using System.Diagnostics;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>Finds other people's programs. A test whose client is not here is skipped, visibly, with what installs it.</summary>
internal static class ClientPrograms
{
    /// <summary>All of them at once. Where CI is set, the target Test installs what is missing by itself.</summary>
    private const string Install = "sudo apt-get install -y --no-install-recommends ansible packer awscli nodejs npm python3-boto3";

    private static readonly Lazy<Task<string?>> Boto3 = new(() => TestSupport.Python.WithAsync("boto3"));

    /// <summary>The path of a program. Ignores the test, visibly, where there is none.</summary>
    public static string Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } path) return path;
        throw Ignored(program);
    }

    /// <summary>The Python with the newest boto3.</summary>
    public static async Task<string> PythonAsync() => await Boto3.Value ?? throw Ignored("boto3");

    private static UnreachableException Ignored(string what)
    {
        Assert.Ignore($"{what} can't be found: {Install}");
        return new UnreachableException();
    }
}
