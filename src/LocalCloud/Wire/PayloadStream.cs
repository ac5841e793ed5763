using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>
/// The body of an S3 request as its operation reads it: decoded, and checked against the signature, the checksums and
/// the length that the client stated. The last read throws if something differs, so a reader commits after it.
/// </summary>
internal sealed class PayloadStream : Stream
{
    private readonly WireRequest request;
    private readonly PipeReader? pipe;
    private readonly AwsChunkedReader? chunks;
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash? sha256;
    private readonly Checksum? checksum;
    private long length;
    private bool ended;

    public PayloadStream(WireRequest request, ChunkSigner signer)
    {
        this.request = request;
        if (request.PayloadHash.StartsWith("STREAMING-", StringComparison.Ordinal))
        {
            var (signedChunks, signedTrailers) = request.PayloadHash switch
            {
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => (false, false),
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => (true, false),
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => (true, true),
                _ => throw new AwsException("InvalidArgument", $"x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a streaming form, or a valid SHA-256: {request.PayloadHash}"),
            };
            pipe = PipeReader.Create(request.Body);
            chunks = new AwsChunkedReader(pipe, signedChunks ? signer : null, signedTrailers);
        }
        else if (request.PayloadHash != "UNSIGNED-PAYLOAD")
        {
            sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }

        ChecksumName = StatedChecksum(request);
        checksum = ChecksumName is null ? null : Checksum.Start(ChecksumName) ?? throw new AwsException("InvalidRequest",
            $"The value specified in the {Checksum.HeaderPrefix}{ChecksumName} header is invalid.");
    }

    /// <summary>E.g. <c>crc32</c>; null if the client stated none.</summary>
    public string? ChecksumName { get; }

    /// <summary>The checksum in Base64, once the end was read.</summary>
    public string? ChecksumValue { get; private set; }

    /// <summary>The MD5 in hex, once the end was read.</summary>
    public string? Md5 { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ended || buffer.Length == 0) return 0;
        var count = chunks is null ? await request.Body.ReadAsync(buffer, cancellationToken) : await chunks.ReadAsync(buffer, cancellationToken);
        if (count == 0)
        {
            ended = true;
            Verify();
            return 0;
        }

        var data = buffer.Span[..count];
        length += count;
        md5.AppendData(data);
        sha256?.AppendData(data);
        checksum?.Append(data);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The body is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            md5.Dispose();
            sha256?.Dispose();
            checksum?.Dispose();
            chunks?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string? StatedChecksum(WireRequest request)
    {
        var trailer = request.Header("x-amz-trailer")?.Split(',').Select(name => name.Trim())
            .FirstOrDefault(name => name.StartsWith(Checksum.HeaderPrefix, StringComparison.OrdinalIgnoreCase));
        var header = trailer ?? request.HeaderNames.FirstOrDefault(name => name.StartsWith(Checksum.HeaderPrefix, StringComparison.OrdinalIgnoreCase)
            && Checksum.Start(name[Checksum.HeaderPrefix.Length..]) is { });
        return header?[Checksum.HeaderPrefix.Length..].ToLowerInvariant();
    }

    private void Verify()
    {
        var md5Bytes = md5.GetHashAndReset();
        Md5 = Convert.ToHexStringLower(md5Bytes);
        if (sha256 is not null && !request.PayloadHash.Equals(Convert.ToHexStringLower(sha256.GetHashAndReset()), StringComparison.OrdinalIgnoreCase))
            throw new AwsException("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        if (request.Header("x-amz-decoded-content-length") is { } stated && stated != length.ToString(CultureInfo.InvariantCulture))
            throw new AwsException("IncompleteBody", "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header");
        if (request.Header("Content-MD5") is { Length: > 0 } contentMd5 && contentMd5 != Convert.ToBase64String(md5Bytes))
            throw new AwsException("BadDigest", "The Content-MD5 you specified did not match what we received.");
        if (checksum is null) return;

        ChecksumValue = Convert.ToBase64String(checksum.Finish());
        var name = Checksum.HeaderPrefix + ChecksumName;
        var expected = chunks is not null && chunks.Trailers.TryGetValue(name, out var trailer) ? trailer : request.Header(name);
        if (expected != ChecksumValue)
            throw new AwsException("BadDigest", $"The {ChecksumName!.ToUpperInvariant()} you specified did not match the calculated checksum.");
    }
}
