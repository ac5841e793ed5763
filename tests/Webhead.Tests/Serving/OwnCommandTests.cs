using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using SyncStorage.ServiceHost.Serving;

namespace SyncStorage.Webhead.Tests.Serving;

public sealed class OwnCommandTests
{
    [Test]
    public async Task Post_CommandThrows_TheAnswerSaysWhy()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapOwnCommand("smoke", [], TimeProvider.System, (_, _) => Task.FromException<JsonObject>(new InvalidDataException("Too many connections")));
        await app.StartAsync();
        using var http = new HttpClient();

        using var response = await http.PostAsync(new Uri(new Uri(app.Urls.Single()), OwnCommands.PathOf("smoke")), content: null);

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.That(((int)response.StatusCode, (bool)answer["ok"]!, (string?)answer["error"]), Is.EqualTo((200, false, "InvalidDataException: Too many connections")));
    }
}
