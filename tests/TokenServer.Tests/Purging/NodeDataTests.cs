using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.SyncClient;
using SyncStorage.TestSupport;
using SyncStorage.TokenServer.Purging;

namespace SyncStorage.TokenServer.Tests.Purging;

/// <summary>Deleting over HTTP, from a node that judges tokens and signatures as a webhead does.</summary>
[TestFixture]
[Category(Categories.Emulator)]
internal sealed class NodeDataTests
{
    private static readonly TokenSecret Secret = new("the node's");

    private WebApplication node = null!;
    private string origin = "";
    private string? deleted;
    private int status;

    [SetUp]
    public async Task StartAsync()
    {
        (deleted, status) = (null, StatusCodes.Status200OK);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        node = builder.Build();
        node.Run(AnswerAsync);
        await node.StartAsync();
        origin = node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    [TearDown]
    public async Task EndAsync() => await node.DisposeAsync();

    [TestCase(200)]
    [TestCase(404)]
    public async Task Delete_SignedAsTheUser_IsGone(int answer)
    {
        status = answer;
        var error = await DeleteAsync(Secret);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error, Is.Null);
            Assert.That(deleted, Is.EqualTo("/1.5/4711"));
        }
    }

    [Test]
    public async Task Delete_NodeFails_IsSaid()
    {
        status = 503;

        Assert.That(await DeleteAsync(Secret), Does.Contain("answers 503"));
    }

    [Test]
    public async Task Delete_OtherSecret_IsRefusedByTheNode()
    {
        var error = await DeleteAsync(new TokenSecret("another"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error, Does.Contain("answers 401").And.Not.Contain("another"));
            Assert.That(deleted, Is.Null);
        }
    }

    [Test]
    public async Task Delete_NobodyThere_IsSaid()
    {
        await node.StopAsync();

        Assert.That(await DeleteAsync(Secret), Does.Contain(origin));
    }

    [Test]
    public async Task Delete_UnknownNode_IsSaid()
    {
        var data = new NodeData(new Dictionary<string, TokenSecret>(), TimeProvider.System);

        Assert.That(await data.DeleteAsync(origin, 4711, CancellationToken.None), Does.Contain("no secret"));
    }

    private Task<string?> DeleteAsync(TokenSecret secret) =>
        new NodeData(new Dictionary<string, TokenSecret> { [origin] = secret }, TimeProvider.System).DeleteAsync(origin, 4711, CancellationToken.None);

    private Task AnswerAsync(HttpContext http)
    {
        var url = new Uri(origin);
        var target = http.Request.Path.Value!;
        var known = HawkHeader.TryParse(http.Request.Headers.Authorization, out var header)
            && Tokens.TryVerify(header.Id, [Secret], out var credentials)
            && Hawk.Verify(credentials.Key, new HawkRequest(http.Request.Method, target, url.Host, url.Port), header)
            && credentials.Payload.Node == origin && credentials.Payload.Uid == 4711;
        http.Response.StatusCode = known ? status : StatusCodes.Status401Unauthorized;
        if (known && http.Request.Method == "DELETE") deleted = target;
        return http.Response.WriteAsync("0");
    }
}
