namespace SyncStorage.EndToEnd.Tests;

/// <summary>A stream with one wrong byte, as a bad disk would give it.</summary>
internal sealed class Damaged(Stream inner, long at) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var start = inner.Position;
        var read = inner.Read(buffer, offset, count);
        if (at >= start && at < start + read) buffer[offset + at - start] ^= 0xff;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
