namespace SyncStorage.Pipeline.Bundles;

/// <summary>Makes container images: what the pipeline asks of docker or podman. Who runs the pipeline implements it.</summary>
public interface IContainerImages
{
    /// <summary>Builds an image, gives it its name, and saves it into a file.</summary>
    /// <exception cref="Errors.PipelineException">
    /// <see cref="Errors.ErrorCode.MissingProgram"/>: neither docker nor podman answers; <see cref="Errors.ErrorCode.ContainerFailed"/>.
    /// </exception>
    Task<BuiltImage> BuildAsync(ImageRecipe recipe, CancellationToken cancellationToken);
}

/// <summary>What an image is made of.</summary>
public sealed record ImageRecipe
{
    /// <summary>Its name and tag.</summary>
    public required string Reference { get; init; }

    /// <summary>The folder that its files are copied from, absolute.</summary>
    public required string Context { get; init; }

    /// <summary>The Containerfile, absolute.</summary>
    public required string Containerfile { get; init; }

    /// <summary>E.g. <c>linux/amd64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>The Containerfile's arguments.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>What the image says about itself.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The file that it is saved into, absolute.</summary>
    public required string Archive { get; init; }
}

/// <summary>An image that was built.</summary>
/// <param name="Id">Of its configuration, <c>sha256:</c> and 64 hexadecimal digits: the same bytes and the same base give the same id.</param>
/// <param name="Tool">What built it, <c>docker</c> or <c>podman</c>.</param>
public sealed record BuiltImage(string Id, string Tool);
