using System.Globalization;

namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>The part of an object that a read wants.</summary>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>Reads a <c>Range</c> header of one range; null if it is none, which means the whole object.</summary>
    /// <exception cref="AwsException">The range lies outside the object.</exception>
    public static ByteRange? Parse(string? header, long size)
    {
        if (header is null || !header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal)) return null;
        var parts = header["bytes=".Length..].Split('-');
        if (parts.Length != 2 || (parts[0].Length == 0 && parts[1].Length == 0)) return null;
        if (!TryNumber(parts[0], out var first) || !TryNumber(parts[1], out var last)) return null;
        if (first is null)
        {
            var count = Math.Min(last!.Value, size);
            return count == 0 ? throw S3Errors.InvalidRange : new ByteRange(size - count, count);
        }

        if (last < first) return null;
        if (first >= size) throw S3Errors.InvalidRange;
        return new ByteRange(first.Value, Math.Min(last ?? long.MaxValue, size - 1) - first.Value + 1);
    }

    private static bool TryNumber(string text, out long? number)
    {
        number = null;
        if (text.Length == 0) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)) return false;
        number = parsed;
        return true;
    }
}

/// <summary>A part of a file, read once.</summary>
internal sealed class PartStream : Stream
{
    private readonly FileStream file;
    private long remaining;

    public PartStream(FileStream file, ByteRange range)
    {
        this.file = file;
        remaining = range.Length;
        file.Seek(range.Start, SeekOrigin.Begin);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, remaining)], cancellationToken);
        remaining -= count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
