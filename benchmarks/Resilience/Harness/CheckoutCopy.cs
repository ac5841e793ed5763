namespace SyncStorage.Resilience.Harness;

/// <summary>
/// A checkout of its own: a copy of the sources, and of the programs as they were built. Its name has no part in the bundle, so that
/// copies that are the same make the same release. Deployments that run side by side need one each, since each builds.
/// </summary>
internal sealed class CheckoutCopy : IDisposable
{
    private static readonly string[] NotCopied = ["bin", "obj", "artifacts", "tests", "benchmarks", "docs"];
    private static readonly string[] Programs = ["build", "src/LocalCloud"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-checkout-");
    private readonly string original;

    public CheckoutCopy()
    {
        CopyFolder(Cluster.Root, folder.FullName, name => !NotCopied.Contains(name) && !name.StartsWith('.'));
        File.Copy(Path.Combine(Cluster.Root, ".editorconfig"), Path.Combine(folder.FullName, ".editorconfig"));
        foreach (var program in Programs)
            CopyFolder(Path.Combine(Cluster.Root, program, "bin", "Release"), Path.Combine(folder.FullName, program, "bin", "Release"), _ => true);
        original = File.ReadAllText(Program);
    }

    public string Root => folder.FullName;

    private string Program => Path.Combine(folder.FullName, "src", "Webhead", "Program.cs");

    /// <summary>Makes the webhead's program do something before anything else: another release.</summary>
    public void Insert(string statement)
    {
        const string before = "switch (args)";
        if (!original.Contains(before, StringComparison.Ordinal)) throw new HarnessException($"The webhead's program has no \"{before}\" any more.");
        File.WriteAllText(Program, original.Replace(before, $"{statement}\n{before}", StringComparison.Ordinal));
    }

    /// <summary>Makes the webhead's program what it was.</summary>
    public void Restore() => File.WriteAllText(Program, original);

    /// <summary>Changes a file of what the webhead is made of: another release.</summary>
    /// <param name="file">Below <c>src</c>.</param>
    /// <param name="before">What stands there.</param>
    /// <param name="after">What stands there then.</param>
    public void Replace(string file, string before, string after)
    {
        var path = Path.Combine(folder.FullName, "src", file);
        var text = File.ReadAllText(path);
        if (!text.Contains(before, StringComparison.Ordinal)) throw new HarnessException($"{file} has no \"{before}\" any more.");
        File.WriteAllText(path, text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>Where the bundle is that was built last.</summary>
    public string BundleFolder => Path.Combine(Root, "artifacts", "webhead");

    /// <summary>Something of the bundle that was built last: <c>digest</c>, <c>release</c>.</summary>
    public string OfBundle(string name) =>
        (string)System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(BundleFolder, "bundle.json")))![name]!;

    /// <summary>Takes a bundle that was built elsewhere of the same sources: while these don't change, there is nothing to build.</summary>
    public void UseBundle(string from)
    {
        Directory.CreateDirectory(BundleFolder);
        foreach (var file in Directory.GetFiles(from, "bundle.*")) File.Copy(file, Path.Combine(BundleFolder, Path.GetFileName(file)), overwrite: true);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static void CopyFolder(string from, string to, Func<string, bool> isCopied)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(file => isCopied(Path.GetFileName(file)))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var sub in Directory.GetDirectories(from).Where(sub => isCopied(Path.GetFileName(sub)))) CopyFolder(sub, Path.Combine(to, Path.GetFileName(sub)), isCopied);
    }
}
