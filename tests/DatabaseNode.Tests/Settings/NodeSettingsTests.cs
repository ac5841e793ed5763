using SyncStorage.DatabaseNode.Settings;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.DatabaseNode.Tests.Settings;

internal sealed class NodeSettingsTests
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        ["SYNCSTORAGE_CLUSTER"] = "sync2",
        ["SYNCSTORAGE_BUCKET"] = "sync2-000000000000-us-east-1",
        ["SYNCSTORAGE_NODE"] = "db0",
        ["SYNCSTORAGE_ADDRESS"] = "10.0.0.7",
        ["SYNCSTORAGE_VOLUME"] = "vol-0123",
        ["AWS_REGION"] = "us-east-1",
    };

    [Test]
    public void Load_Complete_HasDefaultsAndTheNodesOwnPlaces()
    {
        var settings = Load(Complete);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((settings.Port, settings.BackupDays, settings.ShipEvery, settings.Restore), Is.EqualTo((3306, 7, TimeSpan.FromMinutes(1), (RestoreRequest?)null)));
            Assert.That(settings.MasterPasswordParameter, Is.EqualTo("/sync2/db/db0/master"));
            Assert.That((settings.MountPoint, settings.Device), Is.EqualTo(("/var/lib/syncstorage", "/dev/sdf")));
        }
    }

    [Test]
    public void Load_OnLocalCloud_HasEverythingBelowTheInstancesRoot() =>
        Assert.That(Load(new(Complete) { ["DESTDIR"] = "/state/i-1/root" }).Device, Is.EqualTo("/state/i-1/root/dev/sdf"));

    [Test]
    public void Load_Restore_HasItsTimeInUtc() =>
        Assert.That(
            Load(new(Complete) { ["SYNCSTORAGE_RESTORE_ID"] = "abc", ["SYNCSTORAGE_RESTORE_TO"] = "2026-03-01T12:30:00Z" }).Restore,
            Is.EqualTo(new RestoreRequest("abc", new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero))));

    [Test]
    public void Load_Wrong_SaysEveryError()
    {
        var failure = Assert.Throws<SettingsException>(() => Load(new(Complete)
        {
            ["SYNCSTORAGE_NODE"] = "",
            ["SYNCSTORAGE_ADDRESS"] = "here",
            ["SYNCSTORAGE_BACKUP_DAYS"] = "99",
            ["SYNCSTORAGE_RESTORE_ID"] = "abc",
            ["SYNCSTORAGE_RESTORE_TO"] = "noon",
        }));

        Assert.That(failure!.Message, Does.Contain("SYNCSTORAGE_NODE").And.Contain("SYNCSTORAGE_ADDRESS").And.Contain("SYNCSTORAGE_BACKUP_DAYS").And.Contain("SYNCSTORAGE_RESTORE_TO"));
    }

    [Test]
    public void Secret_Formatted_DoesNotShow() => Assert.That($"{new Secret("hush")}", Is.EqualTo("[REDACTED]"));

    private static NodeSettings Load(Dictionary<string, string> variables) =>
        NodeSettings.Load(new Installation { Program = "dbnode", Release = "1", EnvironmentFile = "/none" }, name => variables.GetValueOrDefault(name));
}
