using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>The document of the rotations: read once a run, and written by compare and swap, before the step that it tells of.</summary>
public sealed class RotationStore(StateObjects objects)
{
    /// <summary>The object's key.</summary>
    public const string Key = "state/rotation.json";

    private RotationDocument? document;
    private string? etag;

    /// <summary>What is unfinished, for who only looks; empty if nothing is, or the document is none.</summary>
    public static async Task<IReadOnlyList<string>> UnfinishedAsync(StateObjects objects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objects);
        return await objects.ReadAsync(Key, cancellationToken) is { } stored ? RotationDocument.TryParse(stored.Text)?.Describe() ?? [] : [];
    }

    /// <summary>The document; an empty one if none was written yet.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>: what is there is no such document.</exception>
    public async Task<RotationDocument> ReadAsync(CancellationToken cancellationToken)
    {
        if (document is not null) return document;
        if (await objects.ReadAsync(Key, cancellationToken) is not { } stored) return document = new RotationDocument();
        etag = stored.ETag;
        return document = RotationDocument.TryParse(stored.Text) ?? throw new PipelineException(
            ErrorCode.RotationStopped, $"{Key} in the bucket can't be read: which rotation is unfinished is not known.",
            hint: "Put an earlier version of the object back. Where there is none, delete it and rotate anew: that is safe at any step.");
    }

    /// <summary>Writes what has changed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.LockLost"/>: another run writes it.</exception>
    public async Task<RotationDocument> ChangeAsync(Func<RotationDocument, RotationDocument> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var next = change(await ReadAsync(cancellationToken));

        // Nobody but a run that took the lock over writes here beside this one.
        etag = await objects.WriteAsync(Key, next.ToJson(), etag, cancellationToken) ?? throw new PipelineException(
            ErrorCode.LockLost, "Another run writes the rotations' document: this one does nothing more.",
            hint: "./build.sh --target=Status, and once no other run is at work, run the same command again.");
        return document = next;
    }
}
