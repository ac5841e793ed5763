using System.Security.Cryptography;
using System.Text;
using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Pipeline.Images;

/// <summary>What an image is made from, as a key: the same key is the same image.</summary>
public static class ImageKey
{
    // An image whose volumes are not encrypted is another one.
    private const string Volumes = "encrypted";

    /// <summary>16 hexadecimal digits over bundle (with its install script), base image and architecture.</summary>
    public static string Of(Bundle bundle, string baseImageId)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return HashOf(bundle.Digest, baseImageId, bundle.Architecture, Volumes);
    }

    /// <summary>16 hexadecimal digits over parts, in their order.</summary>
    public static string HashOf(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16];
}
