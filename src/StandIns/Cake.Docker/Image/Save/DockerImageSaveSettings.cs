namespace Cake.Docker;

/// <summary>Options of <c>docker save</c>.</summary>
public sealed class DockerImageSaveSettings : AutoToolSettings
{
    /// <summary><c>--output</c></summary>
    public string? Output { get; set; }
}
