using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Keys;

/// <summary>Key pairs: made here, or their public part imported. Instances find it at their metadata endpoint.</summary>
internal sealed class KeyPairOperations(Ec2Store store)
{
    private const int Bits = 2048;

    public void AddTo(Handlers handlers)
    {
        handlers.Add("CreateKeyPair", Create);
        handlers.Add("ImportKeyPair", Import);
        handlers.Add("DescribeKeyPairs", Describe);
        handlers.Add("DeleteKeyPair", Delete);
    }

    private JsonObject Create(JsonObject input)
    {
        if ((input.Text("KeyType") ?? "rsa") != "rsa" || (input.Text("KeyFormat") ?? "pem") != "pem")
            throw new AwsException("UnsupportedOperation", "LocalCloud makes keys of the type rsa in the format pem; others can be imported.");
        using var key = RSA.Create(Bits);
        var name = input.Needed("KeyName");

        // Of keys that it made itself EC2 shows the SHA-1 of the private one.
#pragma warning disable CA5350
        var fingerprint = Colons(SHA1.HashData(key.ExportPkcs8PrivateKey()));
#pragma warning restore CA5350
        var output = Add(input, new KeyPairRecord(Ids.New("key"), name, "rsa", fingerprint, $"{OpenSshKey.OfRsa(key)} {name}", store.Now));
        output["KeyMaterial"] = key.ExportRSAPrivateKeyPem();
        return output;
    }

    private JsonObject Import(JsonObject input)
    {
        var name = input.Needed("KeyName");
        var key = OpenSshKey.Read(input.Needed("PublicKeyMaterial")) ?? throw Malformed();
        return Add(input, new KeyPairRecord(Ids.New("key"), name, key.Type, Fingerprint(key), $"{key.Text} {name}", store.Now));
    }

    // Of imported ones the MD5, and where the type is newer, what ssh-keygen shows.
    private static string Fingerprint(OpenSshKey key)
    {
        if (key.Type != "rsa") return Convert.ToBase64String(SHA256.HashData(key.Blob));
        try
        {
#pragma warning disable CA5351
            return Colons(MD5.HashData(key.ToSubjectPublicKeyInfo()));
#pragma warning restore CA5351
        }
        catch (CryptographicException)
        {
            throw Malformed();
        }
    }

    private static AwsException Malformed() => new("InvalidKey.Format", "Key is not in valid OpenSSH public key format");

    private JsonObject Add(JsonObject input, KeyPairRecord pair) => store.Change(state =>
    {
        var tags = TagRules.Specified(input, "key-pair");
        if (state.KeyPairs.Exists(other => other.Name == pair.Name)) throw Ec2Errors.KeyPairDuplicate(pair.Name);
        state.KeyPairs.Add(pair);
        foreach (var values in tags.Values) state.SetTags(pair.Id, values);
        return new JsonObject
        {
            ["KeyName"] = pair.Name,
            ["KeyPairId"] = pair.Id,
            ["KeyFingerprint"] = pair.Fingerprint,
            ["Tags"] = state.TagList(pair.Id),
        };
    });

    private JsonObject Describe(JsonObject input) => store.Read(state =>
    {
        var (names, ids) = (input.Texts("KeyNames"), input.Texts("KeyPairIds"));
        foreach (var name in names)
        {
            if (!state.KeyPairs.Exists(pair => pair.Name == name)) throw Ec2Errors.KeyPairNotFound(name);
        }

        foreach (var id in ids)
        {
            if (!state.KeyPairs.Exists(pair => pair.Id == id)) throw Ec2Errors.KeyPairNotFound(id);
        }

        var candidates = state.KeyPairs.Where(pair => names.Count + ids.Count == 0 || names.Contains(pair.Name) || ids.Contains(pair.Id));
        var filters = new Filters(input).Knowing("key-name", "key-pair-id", "fingerprint");
        var matching = filters.Apply(candidates, (pair, filter) => filter switch
        {
            "key-name" => [pair.Name],
            "key-pair-id" => [pair.Id],
            "fingerprint" => [pair.Fingerprint],
            _ => null,
        }, pair => state.TagsOf(pair.Id));
        var withKey = input.Flag("IncludePublicKey") ?? false;
        return new JsonObject { ["KeyPairs"] = matching.ToArray(pair => View(state, pair, withKey)) };
    });

    private static JsonObject View(Ec2State state, KeyPairRecord pair, bool withKey)
    {
        var view = new JsonObject
        {
            ["KeyPairId"] = pair.Id,
            ["KeyName"] = pair.Name,
            ["KeyType"] = pair.Type,
            ["KeyFingerprint"] = pair.Fingerprint,
            ["Tags"] = state.TagList(pair.Id),
            ["CreateTime"] = pair.Created.ToIso(),
        };
        if (withKey) view["PublicKey"] = pair.PublicKey;
        return view;
    }

    /// <summary>Deleting one that is not there succeeds, as on AWS.</summary>
    private JsonObject Delete(JsonObject input) => store.Change(state =>
    {
        var (name, id) = (input.Text("KeyName"), input.Text("KeyPairId"));
        if (name is null && id is null) throw Ec2Errors.MissingParameter("KeyName");
        var output = new JsonObject { ["Return"] = true };
        if (state.KeyPairs.Find(pair => pair.Name == name || pair.Id == id) is not { } found) return output;
        state.KeyPairs.Remove(found);
        state.Tags.Remove(found.Id);
        output["KeyPairId"] = found.Id;
        return output;
    });

    private static string Colons(byte[] hash) => string.Join(':', hash.Select(part => Convert.ToHexStringLower([part])));
}
