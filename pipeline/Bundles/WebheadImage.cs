using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>
/// Build-Webhead with <c>--artifact=container</c>: the files of the bundle, installed as on an instance, in a container image. The same
/// bundle on the same base gives the same image.
/// </summary>
public sealed class WebheadImage(EnvironmentSettings settings, RunOptions options, WebheadBuild build, IContainerImages images, IProgress progress)
{
    private const string InBundle = "webhead/";
    private const UnixFileMode Folders = BundleEntry.Executable;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private string Folder => Path.Combine(options.ArtifactsDirectory, "webhead");

    private string Context => Path.Combine(Folder, "container");

    private string DescriptionPath => Path.Combine(Folder, "image.json");

    /// <summary>Builds the image of the bundle that was built last, and describes it in <c>artifacts/webhead/image.json</c>.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.PublishFailed"/>: there is no bundle; <see cref="ErrorCode.MissingProgram"/>: no docker or podman;
    /// <see cref="ErrorCode.ContainerFailed"/>: the end of its output is in the message.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var bundle = build.Load();
        await UnpackAsync(bundle, cancellationToken);
        var recipe = RecipeOf(bundle);
        var built = await images.BuildAsync(recipe, cancellationToken);
        Directory.Delete(Context, recursive: true);

        var before = File.Exists(DescriptionPath) ? await File.ReadAllTextAsync(DescriptionPath, cancellationToken) : null;
        var description = JsonSerializer.Serialize(
            new { recipe.Reference, built.Id, bundle.Release, bundle.Digest, bundle.Architecture, settings.Container.BaseImage }, Json) + "\n";
        await File.WriteAllTextAsync(DescriptionPath, description, cancellationToken);
        var said = $"{recipe.Reference}, {built.Id}, {new FileInfo(recipe.Archive).Length / 1e6:0.0} MB in {Path.GetRelativePath(options.RepositoryRoot, recipe.Archive)}";
        if (before == description)
            progress.Found($"container image is up to date: {said}");
        else
            progress.Changed($"container image by {built.Tool}: {said}");
    }

    internal ImageRecipe RecipeOf(Bundle bundle) => new()
    {
        Reference = $"{settings.Container.Repository}:{bundle.Release}",
        Context = Context,
        Containerfile = Path.Combine(options.RepositoryRoot, "src", "Webhead", "container", "Containerfile"),
        Platform = settings.Image.Architecture == "arm64" ? "linux/arm64" : "linux/amd64",
        Arguments = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["BASE_IMAGE"] = settings.Container.BaseImage },
        Labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["org.opencontainers.image.title"] = "SyncStorage webhead",
            ["org.opencontainers.image.description"] = "A webhead of a Firefox Sync storage cluster: SyncStorage 1.5",
            ["org.opencontainers.image.version"] = bundle.Release,
            ["org.opencontainers.image.licenses"] = "MPL-2.0",
            ["org.opencontainers.image.base.name"] = settings.Container.BaseImage,
            ["syncstorage.bundle.digest"] = bundle.Digest,
        },
        Archive = Path.Combine(Folder, "image.tar"),
    };

    /// <summary>As the install script would install it, but for the unit: nobody runs one in a container. Times are the bundle's.</summary>
    private async Task UnpackAsync(Bundle bundle, CancellationToken cancellationToken)
    {
        if (Directory.Exists(Context)) Directory.Delete(Context, recursive: true);
        var home = Path.Combine(Context, "root", "opt", "syncstorage");
        MakeFolder(home);
        await using var archive = File.OpenRead(bundle.ArchivePath);
        await using var gzip = new GZipStream(archive, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (!entry.Name.StartsWith(InBundle, StringComparison.Ordinal)) continue;
            var path = Path.Combine(home, entry.Name);
            MakeFolder(Path.GetDirectoryName(path)!);
            await entry.ExtractToFileAsync(path, overwrite: false, cancellationToken);
        }

        var release = Path.Combine(home, "release");
        await File.WriteAllTextAsync(release, bundle.Release + "\n", cancellationToken);
        File.SetLastWriteTimeUtc(release, DateTime.UnixEpoch);
        foreach (var folder in Directory.EnumerateDirectories(Context, "*", SearchOption.AllDirectories))
            Directory.SetLastWriteTimeUtc(folder, DateTime.UnixEpoch);
    }

    // Everybody may read what is in the image, whatever the mask of who builds it.
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Folders);
    }
}
