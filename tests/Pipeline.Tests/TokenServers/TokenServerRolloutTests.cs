using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.TokenServers;

/// <summary>The rollout of token servers is the webheads' own, of another role.</summary>
public sealed class TokenServerRolloutTests
{
    private static readonly EnvironmentSettings Settings = (TestSettings.Local with
    {
        Rollout = new RolloutSettings { BakeSeconds = 0 },
        TokenServer = new TokenServerSettings { Hostname = "token.localhost", Count = 2, LoadBalancer = new TokenServerListenerSettings { Port = 8081 } },
    }).Of(ServiceRole.TokenServer);

    [Test]
    public async Task Roll_BesideWebheads_ReplacesTheTokenServersAndAsksTheirOwnProgram()
    {
        using var world = Serving(out var gate);

        await world.RollAsync("t2", CancellationToken.None, ServiceRole.TokenServer);
        await world.Completion.PassedAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(world.Cloud.Running, Has.Count.EqualTo(4).And.SupersetOf(new[] { "web-1", "web-2" }));
            Assert.That(world.Cloud.Running.Except(["web-1", "web-2"]).Select(world.Cloud.ReleaseOf), Is.All.EqualTo("t2"));
            Assert.That(world.Cloud.Sent.Select(sent => sent.Command), Is.Not.Empty.And.All.Contains("/opt/syncstorage/tokenserver/tokenserver\" admin check --release 't2'"));
            Assert.That(gate.Joined, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public async Task Roll_NewOnesSignWhatWebheadsRefuse_TheOldServeOn()
    {
        using var world = Serving(out var gate);
        gate.Refuses = true;

        var failure = (await Assert.ThrowsAsync<PipelineException>(() => world.RollAsync("t2", CancellationToken.None, ServiceRole.TokenServer)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.RolledBack));
            Assert.That(world.Cloud.Running, Is.EqualTo(["token-1", "token-2", "web-1", "web-2"]));
            Assert.That(world.Cloud.Serving, Is.SupersetOf(new[] { "token-1", "token-2" }));
            Assert.That(world.Report.TokenServer?.Instances.Select(instance => instance.Id), Is.EqualTo(["token-1", "token-2"]));
            Assert.That(world.Report.Webheads, Is.Empty);
        }
    }

    private static RolloutWorld Serving(out RecordingGate gate)
    {
        var cloud = new FakeFleetCloud();
        foreach (var id in new[] { "web-1", "web-2" }) cloud.Add(id, "w1", registered: false);
        foreach (var id in new[] { "token-1", "token-2" }) cloud.Add(id, "t1", registered: true, role: "tokenserver");
        return new RolloutWorld(Settings, cloud, ServiceRole.TokenServer, gate = new RecordingGate());
    }

    private sealed class RecordingGate : JoiningGate
    {
        public List<string> Joined { get; } = [];

        public bool Refuses { get; set; }

        public override Task PassAsync(IReadOnlyCollection<string> joining, string release, bool withOthers, CancellationToken cancellationToken)
        {
            if (Refuses) throw new PipelineException(ErrorCode.GateFailed, "a token is answered 401");
            Joined.AddRange(joining);
            return Task.CompletedTask;
        }
    }
}
