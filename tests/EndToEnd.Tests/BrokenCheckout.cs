namespace SyncStorage.EndToEnd.Tests;

/// <summary>
/// A checkout whose webhead can be broken: a copy of the sources, and of the programs as they were built. Its name has no
/// part in the bundle, so that an unbroken one bakes nothing new.
/// </summary>
internal sealed class BrokenCheckout : IDisposable
{
    private static readonly string[] NotCopied = ["bin", "obj", "artifacts", "tests", "benchmarks", "docs"];
    private static readonly string[] Programs = ["build", "src/LocalCloud"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-checkout-");
    private readonly string original;

    public BrokenCheckout()
    {
        CopyFolder(Cluster.Root, folder.FullName, name => !NotCopied.Contains(name) && !name.StartsWith('.'));
        File.Copy(Path.Combine(Cluster.Root, ".editorconfig"), Path.Combine(folder.FullName, ".editorconfig"));
        foreach (var program in Programs)
            CopyFolder(Path.Combine(Cluster.Root, program, "bin", "Release"), Path.Combine(folder.FullName, program, "bin", "Release"), _ => true);
        original = File.ReadAllText(Program);
    }

    public string Root => folder.FullName;

    private string Program => Path.Combine(folder.FullName, "src", "Webhead", "Program.cs");

    /// <summary>Makes the webhead's program do something before anything else.</summary>
    public void Insert(string statement)
    {
        const string before = "switch (args)";
        Assert.That(original, Does.Contain(before));
        File.WriteAllText(Program, original.Replace(before, $"{statement}\n{before}", StringComparison.Ordinal));
    }

    /// <summary>The digest of the bundle that was built last.</summary>
    public string BundleDigest() =>
        (string)System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "artifacts", "webhead", "bundle.json")))!["digest"]!;

    public void Dispose() => folder.Delete(recursive: true);

    private static void CopyFolder(string from, string to, Func<string, bool> isCopied)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(file => isCopied(Path.GetFileName(file)))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var sub in Directory.GetDirectories(from).Where(sub => isCopied(Path.GetFileName(sub)))) CopyFolder(sub, Path.Combine(to, Path.GetFileName(sub)), isCopied);
    }
}
