using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Admin;

namespace SyncStorage.Webhead.Tests.Admin;

/// <summary>What carries answers cuts them, and half an answer is none.</summary>
public sealed class AdminAnswerTests
{
    [Test]
    public void Line_ManyDbnodesFail_SaysThatItIsNotOkWithAReason()
    {
        var databases = new JsonObject();
        for (var node = 0; node < 30; node++) databases[$"db{node}"] = new JsonObject { ["status"] = "failed", ["error"] = new string('e', 120) };
        var failing = string.Join(", ", databases.Select(pair => $"{pair.Key} failed ({pair.Value!["error"]})"));
        var answer = new JsonObject { ["ok"] = false, ["error"] = failing, ["heartbeat"] = new JsonObject { ["status"] = "degraded", ["configuration"] = 7, ["databases"] = databases } };

        var line = AdminAnswer.Line(answer);

        var read = JsonNode.Parse(line)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Encoding.UTF8.GetByteCount(line), Is.LessThanOrEqualTo(AdminAnswer.Longest));
            Assert.That((bool)read["ok"]!, Is.False);
            Assert.That((string?)read["error"], Does.StartWith("db0 failed (e"));
            Assert.That(((string?)read["heartbeat"]!["status"], (int)read["heartbeat"]!["configuration"]!), Is.EqualTo(("degraded", 7)));
            Assert.That((int)read["omitted"]!, Is.Positive);
        }
    }

    [Test]
    public void Line_ManyHostnames_LeavesOutThoseThatAreWellFirst()
    {
        var hosts = new JsonArray([.. Enumerable.Range(0, 200).Select(host => new JsonObject { ["hostname"] = $"sync{host}.example.com", ["ok"] = host != 3 })]);

        var read = JsonNode.Parse(AdminAnswer.Line(new JsonObject { ["ok"] = false, ["hosts"] = hosts }))!;

        Assert.That(read["hosts"]!.AsArray().Select(host => (string?)host!["hostname"]), Does.Contain("sync3.example.com"));
        Assert.That(read["hosts"]!.AsArray().Count + (int)read["omitted"]!, Is.EqualTo(200));
    }

    [Test]
    public void Line_Short_IsAsItIs() => Assert.That(AdminAnswer.Line(new JsonObject { ["ok"] = true }), Is.EqualTo("""{"ok":true}"""));
}
