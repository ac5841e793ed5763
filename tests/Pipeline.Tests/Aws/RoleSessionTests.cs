using System.Net;
using System.Net.Http;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Aws;

public sealed class RoleSessionTests
{
    private const string Role = "arn:aws:iam::123456789012:role/deployer";

    private static readonly AwsSettings Settings = new() { AccountId = "123456789012", Region = "eu-west-1", RoleArn = Role };
    private static readonly BasicAWSCredentials Source = new("AKIASOURCE", "source");

    [Test]
    public async Task Credentials_WithOthers_AssumeTheRoleOnceWhileTheSessionLasts()
    {
        var network = new FakeNetwork((HttpStatusCode.OK, Session("AssumeRole", "ASIA1", TimeSpan.FromHours(1))));
        var session = RoleSession.Of(Settings, Source, identity: null, network);

        var first = await session.GetCredentialsAsync();
        var second = await session.GetCredentialsAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.AccessKey, first.SecretKey, first.Token), Is.EqualTo(("ASIA1", "secret", "token")));
            Assert.That(second.AccessKey, Is.EqualTo("ASIA1"));
            Assert.That(network.Requests, Has.Count.EqualTo(1));
            Assert.That(network.Requests[0].RequestUri!.Host, Is.EqualTo("sts.eu-west-1.amazonaws.com"));
            Assert.That(string.Join(' ', network.Requests[0].Headers.GetValues("Authorization")), Does.Contain("AKIASOURCE"));
        }
    }

    [Test]
    public async Task Credentials_SessionIsAboutToEnd_AreAssumedAnewMeanwhile()
    {
        var network = new FakeNetwork(
            (HttpStatusCode.OK, Session("AssumeRole", "ASIA1", TimeSpan.FromMinutes(2))), (HttpStatusCode.OK, Session("AssumeRole", "ASIA2", TimeSpan.FromHours(1))));
        var session = RoleSession.Of(Settings, Source, identity: null, network);

        var first = await session.GetCredentialsAsync();

        // Nobody waits for it while the old ones are good.
        Assert.That(first.AccessKey, Is.EqualTo("ASIA1"));
        Assert.That(() => session.GetCredentials().AccessKey, Is.EqualTo("ASIA2").After(10_000, 5));
    }

    [Test]
    public async Task Credentials_InAJobOfGitHub_AreAssumedWithItsToken()
    {
        using var github = new FakeGitHub(HttpStatusCode.OK, """{"count": 1, "value": "identity-token"}""");
        var network = new FakeNetwork((HttpStatusCode.OK, Session("AssumeRoleWithWebIdentity", "ASIA1", TimeSpan.FromHours(1))));
        var session = RoleSession.Of(Settings, Source, Identity(github), network);

        var credentials = await session.GetCredentialsAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.AccessKey, Is.EqualTo("ASIA1"));
            Assert.That($"{github.Asked}", Is.EqualTo("https://token.example/request?api-version=2&audience=sts.amazonaws.com"));
            Assert.That(github.Authorization, Is.EqualTo("Bearer request-token"));
            Assert.That(network.Requests[0].Headers.Contains("Authorization"), Is.False, "the identity token is all that it needs");
        }
    }

    [TestCase(HttpStatusCode.Forbidden, "{}")]
    [TestCase(HttpStatusCode.OK, "no JSON")]
    [TestCase(HttpStatusCode.OK, "{}")]
    public void Credentials_GitHubGivesNoToken_SaysWhatTheJobNeeds(HttpStatusCode status, string body)
    {
        using var github = new FakeGitHub(status, body);
        var session = RoleSession.Of(Settings, Source, Identity(github), new FakeNetwork());

        Assert.That(async () => await session.GetCredentialsAsync(), Throws.Exception.Matches<Exception?>(failure =>
            failure is not null && Failures.Explain(failure) is { Code: ErrorCode.WrongAccount } explained && explained.Hint!.Contains("id-token: write", StringComparison.Ordinal)
            && !explained.ToString().Contains("request-token", StringComparison.Ordinal)));
    }

    private static GitHubIdentity Identity(FakeGitHub github) => new(new Uri("https://token.example/request?api-version=2"), new Secret("request-token"), "42", github);

    private static string Session(string operation, string key, TimeSpan lasts) => $"""
        <{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{operation}Result><Credentials><AccessKeyId>{key}</AccessKeyId>
        <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>{TimeProvider.System.GetUtcNow() + lasts:yyyy-MM-ddTHH:mm:ssZ}</Expiration></Credentials>
        </{operation}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation}Response>
        """;

    private sealed class FakeGitHub(HttpStatusCode status, string body) : HttpMessageHandler
    {
        public Uri? Asked { get; private set; }

        public string? Authorization { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Asked, Authorization) = (request.RequestUri, $"{request.Headers.Authorization}");
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });
        }
    }
}
