using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Tests.Ec2;

internal sealed class KeyPairTests
{
    // Made by ssh-keygen; the fingerprints are what openssl and ssh-keygen say of them.
    private const string Rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC/buko25QvGWo5dFjg9AVY0TerRt6RCcmJToTbxBoTZzOGEv4gdaDd2pkBxfTHTYiTzyg3CjGmkaXMcYd6j3rwKhUsqDziXW4aHx9Lyr+5rqdmq1HPXEQRuUSlIWTA25mn3nGurCYYtt4RHkYJxsdAr4Fn6CMvCYJwh1c/laGYRS1blMSENRO+ETjXzKY9Kmc1vVCVSsvCvEXLWLbesVram3E88QG0w/JOrKqdtNpRpZd6YqhdOdquO6ne9ZeP2hg1emphaCHjcIfH0/GPD1icu3Z4SMFKHLjUlnCsiNQK+870u/FbrQbOesPRR21TRRhnlrUvl0rvw/1FhzWQL+KV";
    private const string RsaFingerprint = "8a:9e:b4:a1:12:41:e9:b9:ec:4e:61:55:c7:c3:c6:fa";
    private const string Edwards = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMqmn3auJODDNqc4COow6K+GiTEDutPpfo9A2ARyDzsq";
    private const string EdwardsFingerprint = "ulPNnhqVODXvja8KEqUrajIKvf0SpmQwkj6PqXw04O4=";

    private Ec2Harness ec2 = null!;

    [SetUp]
    public void Start() => ec2 = new Ec2Harness();

    [TearDown]
    public void Stop() => ec2.Dispose();

    [TestCase(Rsa, "rsa", RsaFingerprint)]
    [TestCase(Edwards, "ed25519", EdwardsFingerprint)]
    public async Task ImportKeyPair_OfOpenSsh_HasItsFingerprint(string key, string type, string fingerprint)
    {
        await ImportAsync("mine", key + " somebody@somewhere\n");

        var known = (await ec2.CallAsync("DescribeKeyPairs", """{"KeyNames": ["mine"], "IncludePublicKey": true}"""))["KeyPairs"]![0]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)known["KeyType"]!, Is.EqualTo(type));
            Assert.That((string)known["KeyFingerprint"]!, Is.EqualTo(fingerprint));
            Assert.That((string)known["PublicKey"]!, Is.EqualTo($"{key} mine"));
        }
    }

    [TestCase("ssh-rsa AAAA")]
    [TestCase("ssh-dss AAAAB3NzaC1yc2EAAAADAQAB")]
    [TestCase("no key")]
    public void ImportKeyPair_OfNoKey_IsMalformed(string key) =>
        Assert.That(async () => await ec2.ErrorAsync("ImportKeyPair", Import("mine", key)), Is.EqualTo("InvalidKey.Format"));

    [Test]
    public async Task CreateKeyPair_New_IsWhatInstancesAreGiven()
    {
        var made = await ec2.CallAsync("CreateKeyPair", """{"KeyName": "new", "TagSpecifications": [{"ResourceType": "key-pair", "Tags": [{"Key": "A", "Value": "1"}]}]}""");

        using var key = RSA.Create();
        key.ImportFromPem((string)made["KeyMaterial"]!);
        await ec2.CallAsync("RunInstances", $$"""{"ImageId": "{{Ec2Harness.BaseImage}}", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", "KeyName": "new"}""");
        ec2.Pass(15);
        var given = ec2.Service.Running().Single().PublicKey!;
        using (Assert.EnterMultipleScope())
        {
            // The exponent and the modulus are at the end of an OpenSSH key as they are.
            Assert.That(Convert.FromBase64String(given.Split(' ')[1])[^256..], Is.EqualTo(key.ExportParameters(includePrivateParameters: false).Modulus));
            Assert.That((string)made["KeyFingerprint"]!, Has.Length.EqualTo(59), "twenty bytes, with colons");
            Assert.That((string)(await ec2.CallAsync("DescribeKeyPairs", """{"Filters": [{"Name": "tag:A", "Values": ["1"]}]}"""))["KeyPairs"]![0]!["KeyName"]!, Is.EqualTo("new"));
        }
    }

    [Test]
    public async Task CreateKeyPair_NameTaken_IsADuplicate()
    {
        await ImportAsync("mine", Rsa);

        Assert.That(await ec2.ErrorAsync("CreateKeyPair", """{"KeyName": "mine"}"""), Is.EqualTo("InvalidKeyPair.Duplicate"));
    }

    [Test]
    public async Task DeleteKeyPair_Twice_SucceedsAndNobodyCanLaunchWithIt()
    {
        await ImportAsync("mine", Rsa);

        await ec2.CallAsync("DeleteKeyPair", """{"KeyName": "mine"}""");
        await ec2.CallAsync("DeleteKeyPair", """{"KeyName": "mine"}""");

        var launch = $$"""{"ImageId": "{{Ec2Harness.BaseImage}}", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", "KeyName": "mine"}""";
        Assert.That(await ec2.ErrorAsync("RunInstances", launch), Is.EqualTo("InvalidKeyPair.NotFound"));
    }

    private Task ImportAsync(string name, string key) => ec2.CallAsync("ImportKeyPair", Import(name, key));

    private static string Import(string name, string key) => $$"""{"KeyName": "{{name}}", "PublicKeyMaterial": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}}"}""";
}
