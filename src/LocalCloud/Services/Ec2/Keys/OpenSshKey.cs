using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Services.Ec2.Keys;

/// <summary>A public key in OpenSSH's form: a type and a blob of length-prefixed fields.</summary>
internal sealed record OpenSshKey(string Type, byte[] Blob)
{
    private const string RsaName = "ssh-rsa";
    private const string EdwardsName = "ssh-ed25519";

    public string Text => $"{(Type == "rsa" ? RsaName : EdwardsName)} {Convert.ToBase64String(Blob)}";

    public static string OfRsa(RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        byte[] blob = [.. Field(Encoding.ASCII.GetBytes(RsaName)), .. Number(parameters.Exponent!), .. Number(parameters.Modulus!)];
        return new OpenSshKey("rsa", blob).Text;
    }

    /// <summary>Reads what a request carries in Base64, or gives null.</summary>
    public static OpenSshKey? Read(string material)
    {
        var bytes = new byte[material.Length];
        if (!Convert.TryFromBase64String(material, bytes, out var length)) return null;
        if (Encoding.UTF8.GetString(bytes, 0, length).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [var name, var encoded, ..]) return null;
        var blob = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, blob, out var size)) return null;
        var fields = Fields(blob[..size]);
        return (name, fields) switch
        {
            (RsaName, [_, { Length: > 0 }, { Length: > 128 }]) when Encoding.ASCII.GetString(fields[0]) == name => new OpenSshKey("rsa", blob[..size]),
            (EdwardsName, [_, { Length: 32 }]) when Encoding.ASCII.GetString(fields[0]) == name => new OpenSshKey("ed25519", blob[..size]),
            _ => null,
        };
    }

    /// <summary>An RSA key in the form that X.509 has for all types.</summary>
    /// <exception cref="CryptographicException">Its numbers make no key.</exception>
    public byte[] ToSubjectPublicKeyInfo()
    {
        var fields = Fields(Blob);
        using var key = RSA.Create(new RSAParameters { Exponent = Trimmed(fields[1]), Modulus = Trimmed(fields[2]) });
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[] Trimmed(byte[] number) => number is [0, .. var rest] ? rest : number;

    private static byte[] Number(byte[] bytes) => Field(bytes[0] >= 0x80 ? [0, .. bytes] : bytes);

    private static byte[] Field(byte[] bytes)
    {
        var field = new byte[bytes.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(field, bytes.Length);
        bytes.CopyTo(field, 4);
        return field;
    }

    private static List<byte[]> Fields(byte[] blob)
    {
        var fields = new List<byte[]>();
        for (var rest = blob.AsSpan(); rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - 4) return [];
            fields.Add(rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }

        return fields;
    }
}
