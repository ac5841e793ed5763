namespace Cake.Docker;

/// <summary>Options of <c>docker build</c>.</summary>
public sealed class DockerImageBuildSettings : AutoToolSettings
{
    /// <summary><c>--build-arg</c></summary>
    public string[]? BuildArg { get; set; }

    /// <summary><c>--file</c></summary>
    public string? File { get; set; }

    /// <summary><c>--label</c></summary>
    public string[]? Label { get; set; }

    /// <summary><c>--platform</c></summary>
    public string? Platform { get; set; }

    /// <summary><c>--tag</c></summary>
    public string[]? Tag { get; set; }
}
