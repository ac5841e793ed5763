using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Tests.TokenServers;

public sealed class TokenConfigDocumentTests
{
    private static readonly EnvironmentSettings Settings = TestSettings.Local with
    {
        TokenServer = new TokenServerSettings { Hostname = "token.localhost", LoadBalancer = new TokenServerListenerSettings { Port = 8081 }, PurgeGraceSeconds = 60 },
    };

    private static readonly ConfigDocument Webheads = new()
    {
        Version = 7,
        Cluster = "sync2",
        Region = "eu-west-1",
        Nodes =
        [
            new ConfigNode("db0", "10.0.0.9", 3307, "sync2_b", "/sync2/db/db0/b/app",
            [
                new ConfigHost("sync0.localhost", "http://sync0.localhost:8080", "syncstorage0", "/sync2/secrets/sync0.localhost") { SignWith = "1700000000" },
                new ConfigHost("sync1.localhost", "http://sync1.localhost:8080", "syncstorage1", "/sync2/secrets/sync1.localhost") { Assign = false },
            ]),
        ],
        Cache = new ConfigEndpoint("127.0.0.1", 11211),
    };

    [Test]
    public void Of_WhatWebheadsServe_HasTheirHostsTheirSignersAndTheDbnodesAddress()
    {
        var document = TokenConfigDocument.Of(Webheads, Settings, TestSettings.Names)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(document.Origin, Is.EqualTo("http://token.localhost:8081"));
            Assert.That(TokenConfigDocument.Of(Webheads, Settings, TestSettings.Names, document with { Database = document.Database with { User = "sync2_token_b" } })!.Database.User,
                Is.EqualTo("sync2_token_b"), "the one of the two accounts that it has");
            Assert.That(document.Database, Is.EqualTo(new TokenConfigDatabase("10.0.0.9", 3307, "sync2_token", "/sync2/tokenserver/db", "tokenserver")), "not the webheads' account");
            Assert.That(document.Hosts.Select(host => (host.Origin, host.SignWith)), Is.EqualTo(new[] { ("http://sync0.localhost:8080", "1700000000"), ("http://sync1.localhost:8080", null) }));
            Assert.That(document.Accounts.Url, Is.EqualTo("https://oauth.accounts.firefox.com"));
            Assert.That(document.Purge.GraceSeconds, Is.EqualTo(60));
        }
    }

    [Test]
    public void Of_WebheadsWithoutTheDbnode_IsNone()
    {
        Assert.That(TokenConfigDocument.Of(Webheads with { Nodes = [] }, Settings, TestSettings.Names), Is.Null);
        Assert.That(TokenConfigDocument.Of(null, Settings, TestSettings.Names), Is.Null);
    }

    [Test]
    public void Differences_AnotherSigner_IsThatAlone()
    {
        var current = TokenConfigDocument.Of(Webheads, Settings, TestSettings.Names)! with { Version = 3 };

        var changes = TokenConfigDocument.Differences(current, current with { Hosts = [current.Hosts[0] with { SignWith = null }, current.Hosts[1]] });

        Assert.That(changes.Select(change => change.Name), Is.EqualTo(["hosts[0].signWith", "version"]));
    }

    [Test]
    public void Settings_OfTheTokenServersFleet_AreItsOwnWhereTheyDiffer()
    {
        var seen = (Settings with { Rollout = new RolloutSettings { Strategy = "canary", MinHealthy = 3 } }).Of(ServiceRole.TokenServer);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((seen.Webheads.Count, seen.MinHealthy, seen.Webheads.Port, seen.LoadBalancer.Port), Is.EqualTo((2, 2, 80, 8081)));
            Assert.That(seen.WebheadProfile, Is.EqualTo("sync2-tokenserver"));
            Assert.That(seen.Hosts.Select(host => host.Hostname), Is.EqualTo(["token.localhost"]));
            Assert.That(Settings.MakesProfile("sync2-tokenserver"), Is.True);
            Assert.That(TestSettings.Local.MakesProfile("sync2-tokenserver"), Is.False);
        }
    }

    [Test]
    public void Groups_WithATokenServer_LetItToTheDbnodesAndToNothingElse()
    {
        var groups = SecurityGroupPlan.Desired(Settings, TestSettings.Names).ToDictionary(group => group.Name, group => group.Ingress.Select(rule => $"{rule}").ToList());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(groups["sync2-sg-token-lb"], Is.EqualTo(["tcp 8081 from 127.0.0.0/8"]));
            Assert.That(groups["sync2-sg-token"], Is.EqualTo(["tcp 80 from sync2-sg-token-lb"]));
            Assert.That(groups["sync2-sg-db"], Is.EqualTo(["tcp 3306 from sync2-sg-web", "tcp 3306 from sync2-sg-token"]));
            Assert.That(groups["sync2-sg-cache"], Is.EqualTo(["tcp 11211 from sync2-sg-web"]));
            Assert.That(SecurityGroupPlan.Desired(Settings, TestSettings.Names).Select(group => group.Description), Is.All.Match(@"^[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}$"), "what EC2 takes");
            Assert.That(SecurityGroupPlan.Desired(TestSettings.Local, TestSettings.Names), Has.Count.EqualTo(5), "none where the settings have none");
        }
    }
}
