using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Services.Ssm;

/// <summary>
/// Keeps secrets encrypted at rest: AES-GCM with a key in a file of its own (mode 0600), bound to the secret's name so
/// that one cannot be put in another's place.
/// </summary>
internal sealed class SecretBox
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] key;

    /// <exception cref="InvalidDataException">The key's file is damaged.</exception>
    public SecretBox(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, "secrets.key");
        if (!File.Exists(path)) PrivateFile.Write(path, RandomNumberGenerator.GetBytes(KeyBytes));
        key = File.ReadAllBytes(path);
        if (key.Length != KeyBytes) throw new InvalidDataException($"{path} is no key of {KeyBytes} bytes: the saved secrets can't be read without it.");
    }

    public string Seal(string name, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var (nonce, tag, cipher) = Parts(sealedBytes);
        RandomNumberGenerator.Fill(nonce.AsSpan());
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <exception cref="CryptographicException">It was sealed with another key or for another name.</exception>
    public string Open(string name, string sealedText)
    {
        var (nonce, tag, cipher) = Parts(Convert.FromBase64String(sealedText));
        var plain = new byte[cipher.Count];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(nonce, cipher, tag, plain, Encoding.UTF8.GetBytes(name));
        return Encoding.UTF8.GetString(plain);
    }

    private static (ArraySegment<byte> Nonce, ArraySegment<byte> Tag, ArraySegment<byte> Cipher) Parts(byte[] bytes) =>
        (new(bytes, 0, NonceBytes), new(bytes, NonceBytes, TagBytes), new(bytes, NonceBytes + TagBytes, bytes.Length - NonceBytes - TagBytes));
}
