using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>
/// Decodes the <c>aws-chunked</c> body that SDKs stream to S3: chunks with or without a signature each, then trailers.
/// A chunk's data is handed on before its signature is checked: nothing may be committed before the end is reached.
/// </summary>
internal sealed class AwsChunkedReader(PipeReader pipe, ChunkSigner? signer, bool signedTrailers) : IDisposable
{
    private const int LongestLine = 16 * 1024;
    private const int MostTrailers = 16;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, string> trailers = new(StringComparer.OrdinalIgnoreCase);
    private string? signature;
    private long remaining;
    private bool inChunk;
    private bool ended;

    /// <summary>What followed the last chunk. Complete once the end was read.</summary>
    public IReadOnlyDictionary<string, string> Trailers => trailers;

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!ended && remaining == 0) await NextChunkAsync(cancellationToken);
        if (ended || destination.Length == 0) return 0;

        var read = await pipe.ReadAsync(cancellationToken);
        if (read.Buffer.IsEmpty && read.IsCompleted) throw Incomplete();
        var count = (int)Math.Min(Math.Min(destination.Length, remaining), read.Buffer.Length);
        read.Buffer.Slice(0, count).CopyTo(destination.Span);
        pipe.AdvanceTo(read.Buffer.GetPosition(count));
        hash.AppendData(destination.Span[..count]);
        remaining -= count;
        return count;
    }

    public void Dispose() => hash.Dispose();

    private async ValueTask NextChunkAsync(CancellationToken cancellationToken)
    {
        if (inChunk)
        {
            VerifyChunk();
            if ((await LineAsync(cancellationToken))?.Length != 0) throw Incomplete();
        }

        var header = (await LineAsync(cancellationToken) ?? throw Incomplete()).Split(';', 2);
        if (!long.TryParse(header[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out remaining) || remaining < 0) throw Incomplete();
        signature = header.Length > 1 && header[1].StartsWith("chunk-signature=", StringComparison.Ordinal) ? header[1]["chunk-signature=".Length..] : null;
        inChunk = true;
        if (remaining > 0) return;

        VerifyChunk();
        await ReadTrailersAsync(cancellationToken);
        ended = true;
    }

    private void VerifyChunk()
    {
        var chunkHash = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (signer is not null && (signature is null || !signer.Verify(signature, chunkHash))) throw AuthErrors.For(AuthFailure.BadSignature, "s3");
    }

    private async ValueTask ReadTrailersAsync(CancellationToken cancellationToken)
    {
        var signed = new StringBuilder();
        string? trailerSignature = null;
        for (var count = 0; count <= MostTrailers && await LineAsync(cancellationToken) is { Length: > 0 } line; count++)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw Incomplete();
            var (name, value) = (line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
            if (name == "x-amz-trailer-signature") trailerSignature = value;
            else
            {
                trailers[name] = value;
                signed.Append(name).Append(':').Append(value).Append('\n');
            }
        }

        if (signedTrailers && signer is not null && (trailerSignature is null || !signer.VerifyTrailer(trailerSignature, signed.ToString())))
            throw AuthErrors.For(AuthFailure.BadSignature, "s3");
    }

    /// <summary>The next line without its end; null at the end of the body.</summary>
    private async ValueTask<string?> LineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end)).TrimEnd('\r');
                pipe.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                var empty = read.Buffer.IsEmpty;
                pipe.AdvanceTo(read.Buffer.End);
                return empty ? null : throw Incomplete();
            }

            if (read.Buffer.Length > LongestLine) throw Incomplete();
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static AwsException Incomplete() => new("IncompleteBody", "The request body terminated unexpectedly");
}
