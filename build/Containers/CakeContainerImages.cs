using Cake.Core;
using Cake.Core.IO;
using Cake.Core.Tooling;
using Cake.Docker;
using Spectre.Console;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using Path = System.IO.Path;

namespace SyncStorage.Build.Containers;

/// <summary>Builds images by Cake.Docker's aliases.</summary>
internal sealed class CakeContainerImages(Lazy<ICakeContext> cake, ContainerTools tools, IAnsiConsole console) : IContainerImages
{
    private const int LastLines = 15;

    public async Task<BuiltImage> BuildAsync(ImageRecipe recipe, CancellationToken cancellationToken)
    {
        var tool = await tools.FindAsync(cancellationToken);
        var idFile = Path.Combine(Path.GetDirectoryName(recipe.Archive)!, "image.id");
        File.Delete(idFile);
        File.Delete(recipe.Archive);
        using var context = new InterruptibleContext(cake.Value, cancellationToken);
        await RunAsync(tool, "build", BuildSettings(recipe, tool, idFile), settings => context.DockerBuild(settings, recipe.Context), cancellationToken);
        await RunAsync(tool, "save", new DockerImageSaveSettings { Output = recipe.Archive }, settings => context.DockerSave(settings, recipe.Reference), cancellationToken);
        var id = (await File.ReadAllTextAsync(idFile, cancellationToken)).Trim();
        File.Delete(idFile);
        return new BuiltImage(id.Contains(':', StringComparison.Ordinal) ? id : $"sha256:{id}", tool.Name);
    }

    internal static DockerImageBuildSettings BuildSettings(ImageRecipe recipe, ContainerTool tool, string idFile)
    {
        // The times in the image: docker takes them from this argument, podman from its option.
        var arguments = tool.IsPodman ? recipe.Arguments : recipe.Arguments.Append(new("SOURCE_DATE_EPOCH", "0"));
        return new DockerImageBuildSettings
        {
            File = recipe.Containerfile,
            Tag = [recipe.Reference],
            Platform = recipe.Platform,
            BuildArg = Pairs(arguments),
            Label = Pairs(recipe.Labels),
            ArgumentCustomization = line =>
            {
                line.AppendSwitchQuoted("--iidfile", idFile);
                // podman's own format of images has no health check.
                return tool.IsPodman ? line.Append("--timestamp=0").Append("--format=docker") : line;
            },
        };
    }

    private static string[] Pairs(IEnumerable<KeyValuePair<string, string>> values) => [.. values.Select(pair => $"{pair.Key}={pair.Value}")];

    private async Task RunAsync<TSettings>(ContainerTool tool, string command, TSettings settings, Action<TSettings> run, CancellationToken cancellationToken)
        where TSettings : ToolSettings
    {
        var output = new List<string>();
        settings.ToolPath = tool.Path;
        settings.SetupProcessSettings = process =>
        {
            process.RedirectStandardOutput = process.RedirectStandardError = true;
            process.RedirectedStandardOutputHandler = process.RedirectedStandardErrorHandler = Relay;
        };
        try
        {
            await Task.Run(() => run(settings), cancellationToken);
        }
        catch (CakeException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new PipelineException(
                ErrorCode.ContainerFailed, $"{tool.Name} {command} failed: {exception.Message}", lastSeen: LastOf(output),
                hint: "Mend what it says above; where the base image can't be fetched, name another with --set container.baseImage=…", inner: exception);
        }

        string Relay(string line)
        {
            lock (output) output.Add(line);
            if (!string.IsNullOrWhiteSpace(line)) console.MarkupLineInterpolated($"    [grey]{line}[/]");
            return line;
        }
    }

    private static string LastOf(List<string> output)
    {
        lock (output) return string.Join('\n', output.Where(line => !string.IsNullOrWhiteSpace(line)).TakeLast(LastLines));
    }
}
