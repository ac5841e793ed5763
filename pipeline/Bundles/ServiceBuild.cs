using System.Diagnostics;
using System.Text.Json;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>Publishes a service self-contained and packs it into a reproducible bundle.</summary>
/// <param name="program">The executable, its folder in the bundle, and the folder of the bundle below <c>artifacts</c>.</param>
/// <param name="project">Its project below <c>src</c>.</param>
/// <param name="target">The target that does this.</param>
/// <param name="settings">For which processor.</param>
/// <param name="options">Where.</param>
/// <param name="processes">Runs the compiler.</param>
/// <param name="progress">Hears of it.</param>
public abstract class ServiceBuild(
    string program, string project, string target, EnvironmentSettings settings, RunOptions options, IProcessRunner processes, IProgress progress)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private string Folder => Path.Combine(options.ArtifactsDirectory, program);

    private string Sources => Path.Combine(options.RepositoryRoot, "src", project);

    private string Shared => Path.Combine(options.RepositoryRoot, "src", "ServiceHost");

    private string DescriptionPath => Path.Combine(Folder, "bundle.json");

    private string ArchivePath => Path.Combine(Folder, "bundle.tar.gz");

    /// <summary>Publishes and packs; an unchanged source leaves the bundle as it is.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.PublishFailed"/>: the compiler's errors are in the message.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        var sources = SourceDigest.Of(options.RepositoryRoot, settings.Image.Architecture);
        var current = await IntactAsync(cancellationToken);
        if (current?.SourceDigest == sources)
        {
            progress.Found($"bundle {current.Release} is up to date: no source has changed");
            return;
        }

        var published = Path.Combine(Folder, "publish");
        if (Directory.Exists(published)) Directory.Delete(published, recursive: true);
        var version = await PublishAsync(published, cancellationToken);

        var manifest = new BundleManifest([
            .. BundleManifest.Below(Path.Combine(Shared, "bundle"), "", path => path == "install.sh"),
            .. BundleManifest.Below(Path.Combine(Sources, "bundle"), "", _ => false),
            .. BundleManifest.Below(published, $"{program}/", path => path == $"{program}/{program}" || path == $"{program}/createdump")]);
        var digest = manifest.Digest;
        if (current?.Digest == digest)
        {
            await DescribeAsync(current with { SourceDigest = sources }, cancellationToken);
            progress.Found($"bundle {current.Release} is up to date ({current.Files} files, {current.Bytes / 1e6:0.0} MB)");
            return;
        }

        await BundleArchive.WriteAsync(manifest, ArchivePath, cancellationToken);
        var bundle = new Bundle($"{version}-{digest[..12]}", digest, settings.Image.Architecture, new FileInfo(ArchivePath).Length, manifest.Entries.Count)
        {
            ArchiveDigest = await Bundle.DigestOfAsync(ArchivePath, cancellationToken),
            SourceDigest = sources,
            Compatibility = await DeclaredAsync(published, cancellationToken),
        };
        await DescribeAsync(bundle, cancellationToken);
        progress.Changed($"bundle {bundle.Release}: {bundle.Files} files, {bundle.Bytes / 1e6:0.0} MB, digest {digest}");
    }

    /// <summary>The bundle that was built last.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.PublishFailed"/>: there is none, or it is for another architecture.</exception>
    public Bundle Load() =>
        TryLoad() is { } bundle && bundle.Architecture == settings.Image.Architecture
            ? bundle
            : throw new PipelineException(
                ErrorCode.PublishFailed, $"There is no bundle for {settings.Image.Architecture} in {Folder}.", hint: $"./build.sh --target={target}");

    /// <summary>The bundle that was built last, or null.</summary>
    public Bundle? TryLoad()
    {
        if (!File.Exists(DescriptionPath) || !File.Exists(ArchivePath)) return null;
        try
        {
            var bundle = JsonSerializer.Deserialize<Bundle>(File.ReadAllText(DescriptionPath), Json);
            return bundle is not null && new FileInfo(ArchivePath).Length == bundle.Bytes ? bundle with { ArchivePath = ArchivePath } : null;
        }
        catch (JsonException)
        {
            // Half written by a run that was killed: as good as none, and made anew.
            return null;
        }
    }

    // A dbnode works with any schema: it looks into none.
    private async Task<Compatibility?> DeclaredAsync(string published, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(published, Compatibility.FileName))) return null;
        await using var file = File.OpenRead(Path.Combine(published, Compatibility.FileName));
        return await JsonSerializer.DeserializeAsync<Compatibility>(file, Json, cancellationToken)
            ?? throw new PipelineException(ErrorCode.PublishFailed, $"{Compatibility.FileName} of the {program} is empty.");
    }

    // The one that was built last, for this architecture, with every byte still there.
    private async Task<Bundle?> IntactAsync(CancellationToken cancellationToken) =>
        TryLoad() is { } bundle && bundle.Architecture == settings.Image.Architecture && bundle.ArchiveDigest == await Bundle.DigestOfAsync(ArchivePath, cancellationToken)
            ? bundle
            : null;

    private Task DescribeAsync(Bundle bundle, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(DescriptionPath, JsonSerializer.Serialize(bundle, Json) + "\n", cancellationToken);

    private async Task<string> PublishAsync(string output, CancellationToken cancellationToken)
    {
        var runtime = settings.Image.Architecture == "arm64" ? "linux-arm64" : "linux-x64";
        var result = await processes.RunAsync(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            [
                "publish", Path.Combine(Sources, $"{project}.csproj"), "--configuration", "Release", "--runtime", runtime, "--self-contained",
                "--output", output, "--nologo", "--verbosity", "quiet", "-p:PublishReadyToRun=true", "-p:DebugType=none",

                // What they say is for who builds the solution; here they would take half of the time.
                "-p:RunAnalyzers=false",
            ],
            options.RepositoryRoot, environment: null, cancellationToken);
        var assembly = Path.Combine(output, $"{program}.dll");
        if (result.ExitCode == 0 && File.Exists(assembly))
            return FileVersionInfo.GetVersionInfo(assembly).ProductVersion!;
        throw new PipelineException(
            ErrorCode.PublishFailed, $"The {program} did not publish (exit code {result.ExitCode}).", lastSeen: result.Tail(20),
            hint: "Mend the errors above; nothing outside this machine was touched.");
    }
}
