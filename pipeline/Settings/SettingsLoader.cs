using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings.Rules;

namespace SyncStorage.Pipeline.Settings;

/// <summary>An environment as loaded.</summary>
/// <param name="Name">Its name, e.g. <c>local</c>; of a path, the file's name.</param>
/// <param name="File">The settings file's full path.</param>
/// <param name="Settings">Checked settings.</param>
public sealed record LoadedEnvironment(string Name, string File, EnvironmentSettings Settings);

/// <summary>Finds, reads and checks an environment's settings.</summary>
/// <param name="folder">The folder of the known environments.</param>
public sealed class SettingsLoader(string folder)
{
    private const string Extension = ".json";
    private const string Example = ".example";

    /// <summary>The names of the environments in the folder, sorted; without the schema and the examples.</summary>
    public IReadOnlyList<string> KnownEnvironments =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Extension)
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Where(name => !name.EndsWith(".schema", StringComparison.Ordinal) && !name.EndsWith(Example, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Loads an environment, and checks it as a whole.</summary>
    /// <param name="nameOrPath">A name (<c>local</c>), or a path: whatever has a separator or ends in <c>.json</c>.</param>
    /// <param name="overrides">Values of <c>--set</c>, <c>key=value</c>; the last one of a key wins.</param>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.UnknownEnvironment"/>; <see cref="ErrorCode.InvalidSettings"/> with every error;
    /// <see cref="ErrorCode.FileSystem"/> if the file can't be read.
    /// </exception>
    public LoadedEnvironment Load(string nameOrPath, IReadOnlyList<string> overrides)
    {
        var file = Find(nameOrPath);
        var settings = Parse(ReadFile(file), overrides, out var errors);
        return errors.Count == 0
            ? new LoadedEnvironment(Path.GetFileNameWithoutExtension(file), file, settings!)
            : throw Invalid(file, errors);
    }

    /// <summary>Reads settings from JSON.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="overrides">Values of <c>--set</c>.</param>
    /// <param name="errors">Everything that is wrong.</param>
    /// <returns>The settings, or null if there are errors.</returns>
    public static EnvironmentSettings? Parse(byte[] utf8, IReadOnlyList<string> overrides, out IReadOnlyList<SettingsError> errors)
    {
        utf8 = utf8.AsSpan().StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var syntax = new List<SettingsError>();
        var root = EnvironmentJson.Parse(utf8, syntax);
        if (root is not JsonObject json)
        {
            errors = syntax.Count > 0 ? syntax : [new SettingsError("", "must be a JSON object")];
            return null;
        }

        var found = new SettingsErrors();
        foreach (var text in overrides)
            SettingsOverride.Apply(text, json, found);
        var settings = new SettingsReader(found).ReadRoot(json).Deserialize<EnvironmentSettings>(EnvironmentJson.Binding)!;
        SettingsRules.Check(settings, found);
        errors = found.WithLines(EnvironmentJson.Lines(utf8));
        return errors.Count == 0 ? settings : null;
    }

    private string Find(string nameOrPath)
    {
        if (nameOrPath.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) || nameOrPath.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
        {
            return File.Exists(nameOrPath)
                ? Path.GetFullPath(nameOrPath)
                : throw new PipelineException(ErrorCode.UnknownEnvironment, $"There is no settings file {nameOrPath}.", hint: $"Known environments: {string.Join(", ", KnownEnvironments)}.");
        }

        var file = Path.Combine(folder, nameOrPath + Extension);
        return KnownEnvironments.Contains(nameOrPath) || (nameOrPath.EndsWith(Example, StringComparison.Ordinal) && File.Exists(file))
            ? Path.GetFullPath(file)
            : throw Unknown(nameOrPath);
    }

    private PipelineException Unknown(string name)
    {
        var example = Path.Combine(folder, name + Example + Extension);
        return new PipelineException(
            ErrorCode.UnknownEnvironment,
            $"There is no environment \"{name}\"{NearestName.Advice(name, KnownEnvironments)}",
            hint: File.Exists(example)
                ? $"Copy {example} to {name}{Extension} beside it, and edit it."
                : $"Known environments: {string.Join(", ", KnownEnvironments)}. An environment is a file in {folder}, or a path.");
    }

    private static PipelineException Invalid(string file, IReadOnlyList<SettingsError> errors) => new(
        ErrorCode.InvalidSettings,
        $"{file} has {errors.Count} error{(errors.Count == 1 ? "" : "s")}:{string.Concat(errors.Select(error => $"\n  {error}"))}",
        hint: "Every key is described in environment.schema.json, and shown in production.example.json.");

    private static byte[] ReadFile(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.FileSystem, $"The settings file {file} can't be read: {e.Message}", inner: e);
        }
    }
}
