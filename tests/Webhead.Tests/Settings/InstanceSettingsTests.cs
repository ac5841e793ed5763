using System.Net;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Tests.Settings;

[TestFixture]
internal sealed class InstanceSettingsTests
{
    private DirectoryInfo folder = null!;

    [SetUp]
    public void MakeInstallation()
    {
        folder = Directory.CreateTempSubdirectory("webhead-settings-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "opt", "syncstorage", "webhead"));
        Directory.CreateDirectory(Path.Combine(folder.FullName, "etc", "syncstorage"));
        File.WriteAllText(Path.Combine(folder.FullName, "opt", "syncstorage", "release"), "0.1.0-abc\n");
        File.WriteAllText(Path.Combine(folder.FullName, "etc", "syncstorage", "webhead.env"),
            """
            # who this instance is
            SYNCSTORAGE_CLUSTER=sync2
            SYNCSTORAGE_BUCKET="bucket"
            SYNCSTORAGE_ADDRESS=10.0.0.1
            SYNCSTORAGE_PORT=8000
            AWS_REGION=us-east-1

            """);
    }

    [TearDown]
    public void Delete() => folder.Delete(recursive: true);

    [Test]
    public void Load_File_FillsInWhatTheEnvironmentLacks()
    {
        var installation = Find();

        var settings = InstanceSettings.Load(installation, name => name == "SYNCSTORAGE_PORT" ? "9000" : null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(installation.Release, Is.EqualTo("0.1.0-abc"));
            Assert.That(settings.Cluster, Is.EqualTo("sync2"));
            Assert.That(settings.Bucket, Is.EqualTo("bucket"));
            Assert.That(settings.Address, Is.EqualTo(IPAddress.Parse("10.0.0.1")));
            Assert.That(settings.Port, Is.EqualTo(9000));
            Assert.That(settings.Poll, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(settings.AdminOnly, Is.False);
            Assert.That(settings.ServiceUri, Is.EqualTo(new Uri("http://10.0.0.1:9000")));
        }
    }

    [TestCase("on", "https://10.0.0.1:8000")]
    [TestCase("off", "http://10.0.0.1:8000")]
    public void ServiceUri_WithAndWithoutTls_HasTheScheme(string tls, string service)
    {
        var settings = InstanceSettings.Load(Find(), name => name == "SYNCSTORAGE_TLS" ? tls : null);

        Assert.That(settings.ServiceUri, Is.EqualTo(new Uri(service)));
    }

    [TestCase("0.0.0.0", "http://127.0.0.1:8000")]
    [TestCase("::", "http://[::1]:8000")]
    public void ServiceUri_ListensOnAllAddresses_IsTheLoopbackOne(string address, string service)
    {
        var settings = InstanceSettings.Load(Find(), name => name == "SYNCSTORAGE_ADDRESS" ? address : null);

        Assert.That(settings.ServiceUri, Is.EqualTo(new Uri(service)));
        Assert.That(settings.InstanceName, Is.EqualTo($"{Environment.MachineName}:8000"));
    }

    [Test]
    public void Load_SeveralErrors_NamesThemAll()
    {
        var wrong = new Dictionary<string, string>
        {
            ["SYNCSTORAGE_ADDRESS"] = "here",
            ["SYNCSTORAGE_PORT"] = "0",
            ["SYNCSTORAGE_ROLE"] = "builder",
            ["AWS_ENDPOINT_URL"] = "ftp://x",
        };

        Assert.That(() => InstanceSettings.Load(Find(), wrong.GetValueOrDefault), Throws.TypeOf<SettingsException>().With.Message
            .Contains("SYNCSTORAGE_ADDRESS").And.Message.Contains("SYNCSTORAGE_PORT").And.Message.Contains("SYNCSTORAGE_ROLE")
            .And.Message.Contains("AWS_ENDPOINT_URL"));
    }

    private Installation Find() => Installation.Find("webhead", Path.Combine(folder.FullName, "opt", "syncstorage", "webhead"));
}
