namespace SyncStorage.Pipeline.Settings;

/// <summary>The environment of this run: loaded and checked on first use, so that constructors touch nothing.</summary>
/// <param name="load">Loads it.</param>
public sealed class CurrentEnvironment(Func<LoadedEnvironment> load)
{
    private readonly Lazy<LoadedEnvironment> loaded = new(load);

    /// <summary>The environment.</summary>
    /// <exception cref="Errors.PipelineException">It is unknown, or its settings have errors.</exception>
    public LoadedEnvironment Loaded => loaded.Value;

    /// <summary>Its settings.</summary>
    /// <exception cref="Errors.PipelineException">It is unknown, or its settings have errors.</exception>
    public EnvironmentSettings Settings => Loaded.Settings;

    /// <summary>Whether it was used, and is right.</summary>
    public bool IsLoaded => loaded.IsValueCreated;
}
