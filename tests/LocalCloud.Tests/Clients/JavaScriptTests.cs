using System.Security.Cryptography;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>The SDK for JavaScript, whose packages are fetched once a checkout, as the other packages are.</summary>
[TestFixture]
internal sealed class JavaScriptTests() : OrdinaryWork("js")
{
    private static string Sources => Path.Combine(TestContext.CurrentContext.TestDirectory, "Clients", "javascript");

    protected override async Task<(string Program, string Script)> ProgramAsync(CancellationToken cancellationToken)
    {
        var node = ClientPrograms.Find("node");
        var home = await PackagesAsync(cancellationToken);
        var script = Path.Combine(home, "work.mjs");
        File.Copy(Path.Combine(Sources, "work.mjs"), script, overwrite: true);
        return (node, script);
    }

    // By the model's names of the errors, which are not those of the wire.
    protected override string NameOf(string code) => code switch
    {
        "NoSuchEntity" => "NoSuchEntityException",
        "LoadBalancerNotFound" => "AccessPointNotFoundException",
        _ => code + "Fault",
    };

    private static async Task<string> PackagesAsync(CancellationToken cancellationToken)
    {
        var home = Path.Combine(RepositoryRoot(), "artifacts", "clients", "javascript");
        var stamp = Path.Combine(home, "installed");
        var locked = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Sources, "package-lock.json"), cancellationToken)));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == locked) return home;

        var npm = ClientPrograms.Find("npm");
        Directory.CreateDirectory(home);
        foreach (var file in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Combine(Sources, file), Path.Combine(home, file), overwrite: true);
        string[] arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"];
        var run = await ClientProcess.RunAsync(npm, arguments, home, new Dictionary<string, string>(), cancellationToken);
        if (run.ExitCode != 0) Assert.Ignore($"The packages of the SDK for JavaScript can't be had: npm {string.Join(' ', arguments)}: {run}");
        await File.WriteAllTextAsync(stamp, locked, cancellationToken);
        return home;
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SyncStorage.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests are not in their checkout.");
    }
}
