namespace SyncStorage.Pipeline.Tests.Settings;

/// <summary>Folders of the repository, and temporary ones.</summary>
internal static class TestFolders
{
    public static string Repository { get; } = FindRepository();

    public static string Environments => Path.Combine(Repository, "pipeline", "environments");

    private static string FindRepository()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "SyncStorage.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return folder;
    }
}
