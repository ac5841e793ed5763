using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>The image of what serves. It knows its databases: the sources here may be of another release.</summary>
public sealed class ServingImage(Fleet fleet, Observation observation)
{
    /// <summary>Its id and its release.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>: nothing serves; <see cref="ErrorCode.NoSuchRelease"/>: its image is gone.</exception>
    public async Task<(string Id, string Release)> RequireAsync(CancellationToken cancellationToken)
    {
        var release = FleetHealth.ReleaseOf(await fleet.WebheadsAsync(cancellationToken))
            ?? throw new PipelineException(
                ErrorCode.RotationStopped, $"There is no {fleet.Role.Noun}: which image an admin instance is to have is not known.", hint: "./build.sh --target=Deploy");
        var images = ImageCatalog.Of(fleet.Role, await observation.Images.GetAsync(cancellationToken));
        return (Releases.Choose(images, [], current: null, release).ImageId, release);
    }
}
