using System.Text;
using Microsoft.AspNetCore.Http;
using SyncStorage.TokenServer.Protocol;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Tests.Protocol;

[TestFixture]
internal sealed class TokenRequestTests
{
    private const string KeyIdText = "1234-qqo"; // aaaa in hexadecimal: aa aa

    [TestCase(null, "unauthorized")]
    [TestCase("", "unauthorized")]
    [TestCase("Bearer", "unauthorized")]
    [TestCase("Bearer ", "unauthorized")]
    [TestCase("Bearer a b", "unauthorized")]
    [TestCase("BrowserID assertion", "unsupported")]
    [TestCase("Basic dTpw", "unsupported")]
    [TestCase("Bearer token", "ok")]
    [TestCase("bearer token", "ok")]
    public void Read_Authorization_IsJudgedFirst(string? authorization, string expected)
    {
        var headers = new HeaderDictionary { ["X-KeyID"] = expected == "ok" ? KeyIdText : "nonsense" };
        if (authorization is not null) headers["Authorization"] = authorization;

        var (request, error) = TokenRequest.Read(headers);

        Assert.That(error, Is.EqualTo(expected switch
        {
            "unauthorized" => TokenError.Unauthorized,
            "unsupported" => TokenError.UnsupportedScheme,
            _ => null,
        }));
        if (expected == "ok") Assert.That(request, Is.EqualTo(new TokenRequest("token", new KeyId(1234, "aaaa"))));
    }

    [Test]
    public void Read_NoKeyId_IsMissing() => Assert.That(Read(null, null), Is.EqualTo(TokenError.MissingKeyId));

    [TestCase("1234")]
    [TestCase("-qqo")]
    [TestCase("a-qqo")]
    [TestCase("-1-qqo")]
    [TestCase("+1-qqo")]
    [TestCase("1.5-qqo")]
    [TestCase("99999999999999999999-qqo")]
    [TestCase("1234-qqo=")]
    [TestCase("1234-q q")]
    [TestCase("1234-q")]
    [TestCase("1234-+/+/")]
    [TestCase("1234-AAAAAAAAAAAAAAAAAAAAAAA", Description = "17 bytes")]
    public void Read_KeyIdThatIsNone_IsInvalid(string keyId) => Assert.That(Read(keyId, null), Is.EqualTo(TokenError.InvalidKeyId));

    [TestCase("1234-qqo", 1234, "aaaa")]
    [TestCase("0-qqo", 0, "aaaa")]
    [TestCase("1234-", 1234, "")]
    [TestCase("0000000001234-__79", 1234, "fffefd")]
    [TestCase("1234-AAECAwQFBgcICQoLDA0ODw", 1234, "000102030405060708090a0b0c0d0e0f")]
    public void TryRead_KeyId_IsTakenApart(string text, long keysChangedAt, string clientState) =>
        Assert.That(KeyId.TryRead(text), Is.EqualTo(new KeyId(keysChangedAt, clientState)));

    [TestCase("aaaa", "ok")]
    [TestCase("AAAA", "ok")]
    [TestCase("", "ok")]
    [TestCase("bbbb", "mismatch")]
    [TestCase("aaaa!", "malformed")]
    [TestCase("aa aa", "malformed")]
    [TestCase("aaaa\n", "malformed")]
    [TestCase("000102030405060708090a0b0c0d0e0f0", "malformed")]
    public void Read_ClientState_IsComparedWithTheKeyId(string clientState, string expected) =>
        Assert.That(Read(KeyIdText, clientState), Is.EqualTo(expected switch
        {
            "ok" => null,
            "mismatch" => TokenError.ClientStateMismatch,
            _ => TokenError.MalformedClientState,
        }));

    [Test]
    public void ToString_KeyId_IsPaddedToThirteenDigits()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new KeyId(1234, "aaaa").ToString(), Is.EqualTo("0000000001234-qqo"));
            Assert.That(new KeyId(0, "").ToString(), Is.EqualTo("0000000000000-"));
        }
    }

    private static IEnumerable<TestCaseData> Errors()
    {
        yield return Case(TokenError.Unauthorized, 401, """{"status":"error","errors":[{"location":"body","name":"","description":"Unauthorized"}]}""");
        yield return Case(TokenError.UnsupportedScheme, 401, """{"status":"error","errors":[{"location":"body","name":"","description":"Unsupported"}]}""");
        yield return Case(TokenError.MissingKeyId, 401, """{"status":"invalid-key-id","errors":[{"location":"header","name":"X-KeyID","description":"Missing X-KeyID header"}]}""");
        yield return Case(TokenError.InvalidKeyId, 401, """{"status":"invalid-credentials","errors":[{"location":"header","name":"X-KeyID","description":"Invalid X-KeyID header"}]}""");
        yield return Case(TokenError.MalformedClientState, 400, """{"status":"error","errors":[{"location":"header","name":"X-Client-State","description":"Invalid client state value"}]}""");
        yield return Case(TokenError.ClientStateMismatch, 401, """{"status":"invalid-client-state","errors":[{"location":"header","name":"X-Client-State","description":"The X-Client-State and X-KeyID headers differ"}]}""");
        yield return Case(TokenError.InvalidCredentials, 401, """{"status":"invalid-credentials","errors":[{"location":"body","name":"","description":"Unauthorized"}]}""");
        yield return Case(TokenError.UnsupportedApplication, 404, """{"status":"error","errors":[{"location":"url","name":"application","description":"Unsupported application"}]}""");
        yield return Case(TokenError.UnsupportedVersion, 404, """{"status":"error","errors":[{"location":"url","name":"version","description":"Unsupported application version"}]}""");
        yield return Case(TokenError.NotFound, 404, """{"status":"error","errors":[{"location":"url","name":"","description":"Not found"}]}""");
        yield return Case(TokenError.MethodNotAllowed, 405, """{"status":"error","errors":[{"location":"url","name":"","description":"Method not allowed"}]}""");
        yield return Case(TokenError.Unavailable, 503, """{"status":"error","errors":[{"location":"body","name":"","description":"Resource is not available"}]}""");
        yield return Case(TokenError.Of(UserRefusal.NewUsersDisabled), 403, """{"status":"new-users-disabled","errors":[{"location":"body","name":"","description":"New users are disabled"}]}""");
        yield return Case(TokenError.Of(UserRefusal.InvalidGeneration), 401, """{"status":"invalid-generation","errors":[{"location":"body","name":"","description":"Unauthorized"}]}""");
        yield return Case(TokenError.Of(UserRefusal.InvalidClientState), 401, """{"status":"invalid-client-state","errors":[{"location":"body","name":"","description":"Unacceptable client-state value"}]}""");
        yield return Case(TokenError.Of(UserRefusal.InvalidKeysChangedAt), 401, """{"status":"invalid-keysChangedAt","errors":[{"location":"body","name":"","description":"Unauthorized"}]}""");
        yield return Case(TokenError.Of(UserRefusal.RetiredWithoutNode), 500, """{"status":"internal-error","errors":[{"location":"internal","name":"","description":"Server error"}]}""");

        static TestCaseData Case(TokenError error, int http, string body) => new TestCaseData(error, http, body).SetArgDisplayNames($"{http} {error.Status} {error.Name}");
    }

    [TestCaseSource(nameof(Errors))]
    public void Body_Error_IsWhatClientsKnow(TokenError error, int http, string body)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Http, Is.EqualTo(http));
            Assert.That(Encoding.UTF8.GetString(error.Body), Is.EqualTo(body));
        }
    }

    private static TokenError? Read(string? keyId, string? clientState)
    {
        var headers = new HeaderDictionary { ["Authorization"] = "Bearer token" };
        if (keyId is not null) headers["X-KeyID"] = keyId;
        if (clientState is not null) headers["X-Client-State"] = clientState;
        return TokenRequest.Read(headers).Error;
    }
}
