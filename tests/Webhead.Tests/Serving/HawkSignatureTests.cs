using System.Text;
using CsCheck;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Tests.Serving;

[TestFixture]
internal sealed class HawkSignatureTests
{
    [Test]
    public void Verify_VectorOfTheContract_IsRight()
    {
        var header = new HawkHeader { Id = "t", Timestamp = "1700000000", Nonce = "abcdef", Mac = "Ioc3VawrrYJ9cCLRvfE5v5zPfFxsMrxjUF7wwpyqhGE=" };

        var right = HawkSignature.Verify("go3JTk64Vld_PNCaXZzEfuws6PyocX1jxJpJCkk5JXM="u8.ToArray(),
            new HawkRequest("GET", "/1.5/12345/info/collections?x=1", "127.0.0.1", 8080), header);

        Assert.That(right, Is.True);
    }

    [Test]
    public void Verify_AnyRequest_AgreesWithTheClients() =>
        (from method in Gen.Int[0, 3].Select(index => ((string[])["GET", "PUT", "POST", "DELETE"])[index])
         from path in Gen.String[0, 2000]
         from hash in Gen.String.Null()
         from extension in Gen.String.Null()
         from nonce in Gen.String[1, 20]
         from port in Gen.Int[1, 65535]
         select (Request: new HawkRequest(method, path, "sync1.example.com", port), Hash: hash, Extension: extension, Nonce: nonce))
        .Sample(given =>
        {
            const string key = "go3JTk64Vld_PNCaXZzEfuws6PyocX1jxJpJCkk5JXM=";
            var unsigned = new HawkHeader { Id = "t", Timestamp = "1", Nonce = given.Nonce, Mac = "", Hash = given.Hash, Extension = given.Extension };
            var mac = Hawk.Mac(key, given.Request, unsigned);
            var bytes = Encoding.ASCII.GetBytes(key);

            return HawkSignature.Verify(bytes, given.Request, unsigned with { Mac = mac })
                && !HawkSignature.Verify(bytes, given.Request with { Port = given.Request.Port ^ 1 }, unsigned with { Mac = mac })
                && !HawkSignature.Verify(bytes, given.Request, unsigned with { Mac = mac, Nonce = given.Nonce + "x" });
        });

    [TestCase("")]
    [TestCase("Ioc3VawrrYJ9cCLRvfE5v5zPfFxsMrxjUF7wwpyqhGE")]
    [TestCase("Ioc3VawrrYJ9cCLRvfE5v5zPfFxsMrxjUF7wwpyqhGE==")]
    [TestCase("ﬁoc3VawrrYJ9cCLRvfE5v5zPfFxsMrxjUF7wwpyqhGE=")]
    [TestCase("joc3VawrrYJ9cCLRvfE5v5zPfFxsMrxjUF7wwpyqhGE=")]
    public void Verify_OtherMac_IsWrong(string mac)
    {
        var header = new HawkHeader { Id = "t", Timestamp = "1700000000", Nonce = "abcdef", Mac = mac };

        var right = HawkSignature.Verify("go3JTk64Vld_PNCaXZzEfuws6PyocX1jxJpJCkk5JXM="u8.ToArray(),
            new HawkRequest("GET", "/1.5/12345/info/collections?x=1", "127.0.0.1", 8080), header);

        Assert.That(right, Is.False);
    }
}
