using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Settings;

public sealed class SettingsLoaderTests
{
    private const string Minimal = """
        {
          "cluster": "sync2",
          "localCloud": {},
          "dbnodes": [ { "name": "db0", "hosts": [ { "hostname": "sync0.localhost", "database": "syncstorage0" } ] } ]
        }
        """;

    [TestCase("local")]
    [TestCase("production.example")]
    public void Load_ShippedEnvironment_IsValid(string name)
    {
        var loader = new SettingsLoader(TestFolders.Environments);

        var loaded = loader.Load(name, []);

        Assert.That(loaded.Settings.Dbnodes, Has.Count.EqualTo(2));
        Assert.That(loaded.Name, Is.EqualTo(name));
    }

    [Test]
    public void ProductionExample_IsTheManual_ShowsEveryKey()
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFolders.Environments, "production.example.json")))!;

        var missing = Missing(SettingsShape.Of<EnvironmentSettings>(), json.AsObject(), "").ToList();

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Load_UnknownName_ListsTheKnown()
    {
        var loader = new SettingsLoader(TestFolders.Environments);

        var error = Assert.Throws<PipelineException>(() => loader.Load("lokal", []));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.UnknownEnvironment));
            Assert.That(error.Message, Does.Contain("did you mean \"local\"?"));
            Assert.That(error.Hint, Does.Contain("Known environments: local"));
        }
    }

    [Test]
    public void Load_ProductionWithoutFile_PointsToTheExample()
    {
        var loader = new SettingsLoader(TestFolders.Environments);

        var error = Assert.Throws<PipelineException>(() => loader.Load("production", []));

        Assert.That(error!.Hint, Does.Contain("production.example.json"));
    }

    [Test]
    public void Load_FiveErrors_ReportsAllWithPathAndLine()
    {
        var text = """
            {
              "cluster": "Sync--2",
              "localCloud": { "port": "4599" },
              "webheads": { "cuont": 3 },
              "loadBalancer": { "healthCheck": { "intervalSeconds": 5, "timeoutSeconds": 5 } },
              "dbnodes": [
                { "name": "db0", "hosts": [ { "hostname": "a.localhost" } ] }
              ]
            }
            """;

        var settings = SettingsLoader.Parse(Encoding.UTF8.GetBytes(text), [], out var errors);

        Assert.That(settings, Is.Null);
        Assert.That(errors.Select(error => error.ToString()), Is.EquivalentTo((string[])
        [
            "cluster (line 2): must be lower-case letters, digits and single hyphens, a letter first, is \"Sync--2\"",
            "localCloud.port (line 3): must be a whole number, is \"4599\"",
            "webheads.cuont (line 4): unknown key; did you mean \"count\"?",
            "loadBalancer.healthCheck.timeoutSeconds (line 5): must be below intervalSeconds (5), is 5",
            "dbnodes[0].hosts[0].database: is required",
        ]));
    }

    [TestCase("{ \"cluster\": \"a\",\n  oops }", 2, TestName = "Parse_BadSyntax_SaysTheLine")]
    [TestCase("{ \"cluster\": \"a\",\n  // why\n \"x\": 1 }", 2, TestName = "Parse_Comment_IsRefused")]
    [TestCase("{ \"cluster\": \"a\",\n }", 2, TestName = "Parse_TrailingComma_IsRefused")]
    public void Parse_BadSyntax(string text, int line)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);

        SettingsLoader.Parse(utf8, [], out var errors);

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0].Line, Is.EqualTo(line));
    }

    [Test]
    public void Parse_KeyTwice_IsRefused()
    {
        SettingsLoader.Parse("""{ "cluster": "a", "cluster": "b" }"""u8.ToArray(), [], out var errors);

        Assert.That(errors.Single().Message, Does.Contain("uplicate"));
    }

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("3")]
    [TestCase("")]
    public void Parse_NoObject_IsOneError(string text)
    {
        var settings = SettingsLoader.Parse(Encoding.UTF8.GetBytes(text), ["cluster=x"], out var errors);

        Assert.That(settings, Is.Null);
        Assert.That(errors, Has.Count.EqualTo(1));
    }

    [Test]
    public void Parse_EmptyObject_NamesEveryMissingKey()
    {
        SettingsLoader.Parse("{}"u8.ToArray(), [], out var errors);

        Assert.That(errors.Select(error => error.Path), Is.EquivalentTo((string[])["cluster", "dbnodes", "aws.accountId", "aws.region"]));
    }

    [Test]
    public void Parse_Minimal_TakesTheDefaults()
    {
        var settings = SettingsLoader.Parse(Encoding.UTF8.GetBytes(Minimal), [], out var errors);

        Assert.That(errors, Is.Empty);
        Assert.That(settings!.Webheads.Count, Is.EqualTo(3));
        Assert.That(settings.LocalCloud!.Port, Is.EqualTo(4599));
    }

    [Test]
    public void Parse_Overrides_AreTypedByTheRecord()
    {
        var settings = Parse(
            "webheads.count=5", "dbnodes[0].multiAz=true", "localCloud.timeScale=0.5", "network.sshCidrs=10.0.0.0/8,10.9.0.0/16",
            "rollout.minHealthy=2", "rollout.minHealthy=null", "dbnodes[0].hosts[1]={\"hostname\":\"b.localhost\",\"database\":\"b\"}", "cluster=x=1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings.Errors.Select(error => error.Path), Is.EqualTo((string[])["cluster"]));
            Assert.That(Parse("webheads.count=5").Settings!.Webheads.Count, Is.EqualTo(5));
            Assert.That(Parse("dbnodes[0].multiAz=true").Settings!.Dbnodes[0].MultiAz, Is.True);
            Assert.That(Parse("network.sshCidrs=10.0.0.0/8,10.9.0.0/16").Settings!.Network.SshCidrs, Is.EqualTo((string[])["10.0.0.0/8", "10.9.0.0/16"]));
            Assert.That(Parse("dbnodes[0].hosts[1]={\"hostname\":\"b.localhost\",\"database\":\"b\"}").Settings!.Dbnodes[0].Hosts, Has.Count.EqualTo(2));
            Assert.That(Parse("rollout.minHealthy=2", "rollout.minHealthy=null").Settings!.Rollout.MinHealthy, Is.Null);
            Assert.That(Parse("dbnodes[1].name=db1", "dbnodes[1].hosts[0].hostname=c", "dbnodes[1].hosts[0].database=c").Settings!.Dbnodes, Has.Count.EqualTo(2));
            Assert.That(Parse("cluster=007").Errors.Single().Message, Does.Contain("\"007\""), "a text stays a text");
        }
    }

    [TestCase("webheads.count", "--set webheads.count", "key=value")]
    [TestCase("=3", "--set =3", "key=value")]
    [TestCase("webheads.cuont=3", "webheads.cuont", "did you mean \"count\"?")]
    [TestCase("webheads.count=many", "webheads.count", "a whole number")]
    [TestCase("webheads.count=2.5", "webheads.count", "a whole number")]
    [TestCase("webheads.count.x=1", "webheads.count.x", "has no keys")]
    [TestCase("webheads[0]=1", "webheads[0]", "is no list")]
    [TestCase("dbnodes[7].name=x", "dbnodes[7]", "the list has 1 element")]
    [TestCase("dbnodes[99999999999].name=x", "dbnodes[99999999999]", "the list has 1 element")]
    public void Parse_WrongOverride_IsAnErrorWithItsPath(string text, string path, string message)
    {
        var (_, errors) = Parse(text);

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0].Path, Is.EqualTo(path));
        Assert.That(errors[0].Message, Does.Contain(message));
    }

    [Test]
    public void Load_ByPath_NamesTheEnvironmentByItsFile()
    {
        var file = Path.Combine(Path.GetTempPath(), $"mine-{Guid.NewGuid():n}.json");
        File.WriteAllText(file, Minimal, Encoding.UTF8);
        try
        {
            var loaded = new SettingsLoader("/nowhere").Load(file, []);

            Assert.That(loaded.Name, Is.EqualTo(Path.GetFileNameWithoutExtension(file)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Load_MissingPath_SaysWhich()
    {
        var error = Assert.Throws<PipelineException>(() => new SettingsLoader(TestFolders.Environments).Load("./missing.json", []));

        Assert.That(error!.Code.ExitCodeOf(), Is.EqualTo(2));
        Assert.That(error.Message, Does.Contain("./missing.json"));
    }

    private static (EnvironmentSettings? Settings, IReadOnlyList<SettingsError> Errors) Parse(params string[] overrides)
    {
        var settings = SettingsLoader.Parse(Encoding.UTF8.GetBytes(Minimal), overrides, out var errors);
        return (settings, errors);
    }

    private static IEnumerable<string> Missing(SettingsShape shape, JsonObject json, string path)
    {
        foreach (var property in shape.Properties)
        {
            var inner = SettingsReader.Join(path, property.Name);
            if (!json.TryGetPropertyValue(property.Name, out var value))
                yield return inner;
            var objects = value switch
            {
                JsonObject one => [one],
                JsonArray list => list.OfType<JsonObject>(),
                _ => (IEnumerable<JsonObject>)[],
            };
            foreach (var missing in objects.SelectMany(one => Missing(property.Shape.Item ?? property.Shape, one, inner)))
                yield return missing;
        }
    }
}
