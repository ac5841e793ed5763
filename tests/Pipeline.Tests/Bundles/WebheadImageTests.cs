using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Bundles;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WebheadImageTests : IDisposable, IContainerImages
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("image-");
    private readonly RecordingProgress progress = new();
    private readonly Dictionary<string, (UnixFileMode Mode, DateTime Written, string Content)> files = [];
    private ImageRecipe? recipe;

    [Test]
    public async Task Run_Bundle_IsInstalledInTheImageAsOnAnInstance()
    {
        await MakeBundleAsync();

        await RunAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(files.Keys, Is.EquivalentTo(["root/opt/syncstorage/release", "root/opt/syncstorage/webhead/webhead", "root/opt/syncstorage/webhead/lib/a.dll"]),
                "neither the install script nor the unit");
            Assert.That(files["root/opt/syncstorage/release"].Content, Is.EqualTo("0.1.0-0123456789ab\n"));
            Assert.That(files["root/opt/syncstorage/webhead/webhead"], Is.EqualTo((BundleEntry.Executable, DateTime.UnixEpoch, "program")));
            Assert.That(files["root/opt/syncstorage/webhead/lib/a.dll"].Mode, Is.EqualTo(BundleEntry.Plain));
        }
    }

    [Test]
    public async Task Run_Recipe_NamesReleaseBaseAndPlatform()
    {
        await MakeBundleAsync();

        await RunAsync(new ContainerSettings { Repository = "registry.example.com/webhead", BaseImage = "debian:12-slim" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(recipe!.Reference, Is.EqualTo("registry.example.com/webhead:0.1.0-0123456789ab"));
            Assert.That(recipe.Platform, Is.EqualTo("linux/amd64"));
            Assert.That(recipe.Arguments, Is.EquivalentTo(new Dictionary<string, string> { ["BASE_IMAGE"] = "debian:12-slim" }));
            Assert.That(recipe.Labels["org.opencontainers.image.version"], Is.EqualTo("0.1.0-0123456789ab"));
            Assert.That(recipe.Labels["syncstorage.bundle.digest"], Does.Match("^[0-9a-f]{64}$"));
        }
    }

    [Test]
    public async Task Run_Twice_TheSecondFindsIt()
    {
        await MakeBundleAsync();

        await RunAsync();
        await RunAsync();

        var image = JsonNode.Parse(await File.ReadAllTextAsync(Artifact("image.json")))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(progress.Lines.Select(line => line[0]), Is.EqualTo("+="));
            Assert.That(((string?)image["id"], (string?)image["release"]), Is.EqualTo(("sha256:42", "0.1.0-0123456789ab")));
            Assert.That(Directory.Exists(Artifact("container")), Is.False, "what was unpacked is removed");
        }
    }

    [Test]
    public async Task Run_NoBundle_SaysWhatToRun()
    {
        var error = await Assert.ThrowsAsync<PipelineException>(() => RunAsync());

        Assert.That(error!.Hint, Does.Contain("--target=Build-Webhead"));
    }

    public Task<BuiltImage> BuildAsync(ImageRecipe recipe, CancellationToken cancellationToken)
    {
        this.recipe = recipe;
        foreach (var file in Directory.EnumerateFiles(recipe.Context, "*", SearchOption.AllDirectories))
            files[Path.GetRelativePath(recipe.Context, file).Replace('\\', '/')] =
                (OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(file), File.GetLastWriteTimeUtc(file), File.ReadAllText(file));
        File.WriteAllText(recipe.Archive, "archive");
        return Task.FromResult(new BuiltImage("sha256:42", "docker"));
    }

    public void Dispose() => root.Delete(recursive: true);

    private string Artifact(string name) => Path.Combine(root.FullName, "artifacts", "webhead", name);

    private Task RunAsync(ContainerSettings? container = null)
    {
        var settings = TestSettings.Local with { Container = container ?? new ContainerSettings() };
        var options = new RunOptions { RepositoryRoot = root.FullName };
        var build = new WebheadBuild(settings, options, new ProcessRunner(), progress);
        return new WebheadImage(settings, options, build, this, progress).RunAsync(CancellationToken.None);
    }

    private async Task MakeBundleAsync()
    {
        var publish = root.CreateSubdirectory("publish").FullName;
        foreach (var (path, text) in new[] { ("install.sh", "echo"), ("systemd/syncstorage-webhead.service", "[Unit]"), ("webhead/webhead", "program"), ("webhead/lib/a.dll", "library") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(publish, path))!);
            await File.WriteAllTextAsync(Path.Combine(publish, path), text);
        }

        Directory.CreateDirectory(Artifact("."));
        var manifest = new BundleManifest(BundleManifest.Below(publish, "", path => path == "webhead/webhead"));
        await BundleArchive.WriteAsync(manifest, Artifact("bundle.tar.gz"), CancellationToken.None);
        var bundle = new Bundle("0.1.0-0123456789ab", manifest.Digest, "x86_64", new FileInfo(Artifact("bundle.tar.gz")).Length, manifest.Entries.Count);
        await File.WriteAllTextAsync(Artifact("bundle.json"), JsonSerializer.Serialize(bundle, JsonSerializerOptions.Web));
    }
}
