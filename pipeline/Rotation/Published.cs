using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>What is rotated is what webheads have: without a configuration there is nothing.</summary>
internal static class Published
{
    /// <summary>The current document.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>: none is published yet.</exception>
    public static async Task<ConfigDocument> RequireAsync(this ConfigStore store, CancellationToken cancellationToken) =>
        await store.CurrentAsync(cancellationToken)
        ?? throw new PipelineException(ErrorCode.RotationStopped, "No configuration is published yet: there is nothing to rotate.", hint: "./build.sh --target=Deploy");
}
