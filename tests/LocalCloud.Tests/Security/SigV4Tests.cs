using System.IO.Pipelines;
using System.Text;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Security;
using SyncStorage.LocalCloud.Wire;

namespace SyncStorage.LocalCloud.Tests.Security;

/// <summary>The values are the examples that AWS publishes with the algorithm.</summary>
internal sealed class SigV4Tests
{
    private static readonly CredentialScope S3Scope = new("20130524", "us-east-1", "s3");
    private static readonly byte[] S3Key = SigV4.SigningKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", S3Scope);

    [Test]
    public void Sign_PublishedExample_GivesPublishedSignature()
    {
        var scope = new CredentialScope("20150830", "us-east-1", "iam");
        KeyValuePair<string, string>[] query = [new("Version", "2010-05-08"), new("Action", "ListUsers")];
        KeyValuePair<string, string>[] headers =
            [new("content-type", "application/x-www-form-urlencoded;  charset=utf-8 "), new("host", "iam.amazonaws.com"), new("x-amz-date", "20150830T123600Z")];

        var canonical = SigV4.CanonicalRequest("GET", "/", query, headers, SigV4.EmptyHash);
        var signature = SigV4.Sign(SigV4.SigningKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope), SigV4.StringToSign("20150830T123600Z", scope, canonical));

        Assert.That(signature, Is.EqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"));
    }

    [TestCase("/a b/ü", "/a%20b/%C3%BC")]
    [TestCase("/a%20b/%c3%bc", "/a%20b/%C3%BC")]
    [TestCase("/a//b/../c", "/a//b/../c")]
    [TestCase("/a+b=c", "/a%2Bb%3Dc")]
    public void CanonicalRequest_Path_IsEncodedOnceAndNotNormalised(string raw, string expected)
    {
        var canonical = SigV4.CanonicalRequest("GET", raw, [], [], SigV4.EmptyHash);

        Assert.That(canonical.Split('\n')[1], Is.EqualTo(expected));
    }

    [Test]
    public async Task ChunkedBody_PublishedExample_IsAccepted()
    {
        var content = await ReadChunksAsync(PublishedChunks());

        Assert.That(content, Is.EqualTo(Enumerable.Repeat((byte)'a', 66_560)));
    }

    [Test]
    public async Task ChunkedBody_OneByteChanged_IsRefused()
    {
        var chunks = PublishedChunks();
        chunks[40_000] = (byte)'b';

        var refused = await Assert.ThrowsAsync<AwsException>(() => ReadChunksAsync(chunks));

        Assert.That(refused!.Code, Is.EqualTo("SignatureDoesNotMatch"));
    }

    [Test]
    public async Task ChunkedBody_CutOff_IsIncomplete()
    {
        var refused = await Assert.ThrowsAsync<AwsException>(() => ReadChunksAsync(PublishedChunks()[..60_000]));

        Assert.That(refused!.Code, Is.EqualTo("IncompleteBody"));
    }

    private static byte[] PublishedChunks()
    {
        var text = new StringBuilder()
            .Append("10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n").Append('a', 65_536).Append("\r\n")
            .Append("400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n").Append('a', 1024).Append("\r\n")
            .Append("0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static async Task<byte[]> ReadChunksAsync(byte[] body)
    {
        var signer = new ChunkSigner(S3Key, S3Scope, "20130524T000000Z", "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
        using var reader = new AwsChunkedReader(PipeReader.Create(new MemoryStream(body)), signer, signedTrailers: false);
        using var content = new MemoryStream();
        var buffer = new byte[10_000];
        for (int count; (count = await reader.ReadAsync(buffer, CancellationToken.None)) > 0;) content.Write(buffer, 0, count);
        return content.ToArray();
    }
}
