using SyncStorage.LocalCloud.Wire;

namespace SyncStorage.LocalCloud.Tests.Wire;

internal sealed class ChecksumTests
{
    // The check values that the catalogues of CRCs give for the text "123456789".
    [TestCase("crc32", "CBF43926")]
    [TestCase("crc32c", "E3069283")]
    [TestCase("crc64nvme", "AE8B14860A799888")]
    [TestCase("md5", "25F9E794323B453885F5181F1B624D0B")]
    [TestCase("sha256", "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public void Finish_CheckText_GivesCheckValue(string name, string expected)
    {
        using var checksum = Checksum.Start(name)!;

        checksum.Append("1"u8);
        checksum.Append("23456789"u8);

        Assert.That(Convert.ToHexString(checksum.Finish()), Is.EqualTo(expected));
    }

    [Test]
    public void Start_UnknownName_IsNull() => Assert.That(Checksum.Start("crc16"), Is.Null);
}
