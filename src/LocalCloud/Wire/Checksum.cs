using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>The checksums that S3 clients may send with an object: <c>x-amz-checksum-&lt;name&gt;</c>.</summary>
internal abstract class Checksum : IDisposable
{
    public const string HeaderPrefix = "x-amz-checksum-";

    /// <summary>Starts a checksum, or gives null if the name is none that S3 has.</summary>
    public static Checksum? Start(string name) => name.ToLowerInvariant() switch
    {
        "crc32" => new NonCryptographic(new Crc32(), reverse: true),
        "crc32c" => new Castagnoli(),
        "crc64nvme" => new Nvme(),
        "sha1" => new Cryptographic(HashAlgorithmName.SHA1),
        "sha256" => new Cryptographic(HashAlgorithmName.SHA256),
        "sha512" => new Cryptographic(HashAlgorithmName.SHA512),
        "md5" => new Cryptographic(HashAlgorithmName.MD5),
        "xxhash64" => new NonCryptographic(new XxHash64(), reverse: false),
        "xxhash3" => new NonCryptographic(new XxHash3(), reverse: false),
        "xxhash128" => new NonCryptographic(new XxHash128(), reverse: false),
        _ => null,
    };

    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>The value, most significant byte first. Only once.</summary>
    public abstract byte[] Finish();

    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class NonCryptographic(NonCryptographicHashAlgorithm algorithm, bool reverse) : Checksum
    {
        public override void Append(ReadOnlySpan<byte> data) => algorithm.Append(data);

        public override byte[] Finish()
        {
            var hash = algorithm.GetHashAndReset();
            if (reverse) Array.Reverse(hash);
            return hash;
        }
    }

    private sealed class Cryptographic(HashAlgorithmName name) : Checksum
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        public override byte[] Finish() => hash.GetHashAndReset();

        public override void Dispose()
        {
            hash.Dispose();
            base.Dispose();
        }
    }

    private sealed class Castagnoli : Checksum
    {
        private uint crc = uint.MaxValue;

        public override void Append(ReadOnlySpan<byte> data)
        {
            for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
                crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            foreach (var value in data) crc = BitOperations.Crc32C(crc, value);
        }

        public override byte[] Finish()
        {
            var result = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(result, ~crc);
            return result;
        }
    }

    /// <summary>CRC-64/NVME: reflected, which the hashing library's CRC-64 is not.</summary>
    private sealed class Nvme : Checksum
    {
        private static readonly ulong[] Table = MakeTable();
        private ulong crc = ulong.MaxValue;

        public override void Append(ReadOnlySpan<byte> data)
        {
            foreach (var value in data) crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        public override byte[] Finish()
        {
            var result = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(result, ~crc);
            return result;
        }

        private static ulong[] MakeTable()
        {
            var table = new ulong[256];
            for (var index = 0; index < table.Length; index++)
            {
                var value = (ulong)index;
                for (var bit = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1) * 0x9A6C9329AC4BC9B5UL);
                table[index] = value;
            }

            return table;
        }
    }
}
