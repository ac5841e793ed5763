using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Database;

public sealed class DatabasePlanTests
{
    private static readonly DatabaseNodeSettings Node = TestSettings.Node;

    [Test]
    public void Compare_AsWanted_NeedsNothing() => Assert.That(Compare(Observed()), Is.Empty);

    [Test]
    public void Compare_MinorUpgradeByAws_IsNoDrift()
    {
        var observed = Observed();
        observed.EngineVersion = "8.4.11";

        Assert.That(Compare(observed), Is.Empty);
    }

    [Test]
    public void Compare_PendingModification_CountsBeforeTheCurrentValue()
    {
        var observed = Observed();
        observed.DBInstanceClass = "db.t3.micro";
        observed.PendingModifiedValues = new PendingModifiedValues { DBInstanceClass = Node.InstanceClass };

        Assert.That(Compare(observed), Is.Empty);
    }

    [Test]
    public void Compare_StorageGrownByHand_IsLeftAlone()
    {
        var observed = Observed();
        observed.AllocatedStorage = 500;

        Assert.That(Compare(observed), Is.Empty, "storage can't shrink");
    }

    [TestCase("failed", false, ExpectedResult = true)]
    [TestCase("failed", true, ExpectedResult = false)]
    [TestCase("available", false, ExpectedResult = false)]
    [TestCase("storage-full", false, ExpectedResult = true)]
    [TestCase("storage-full", true, ExpectedResult = false)]
    public bool IsStillborn_OnlyOneThatFailedAndWasNeverInitialized(string status, bool initialized)
    {
        var observed = Observed();
        observed.DBInstanceStatus = status;
        if (initialized) observed.TagList.Add(new Tag { Key = DatabasePlan.InitializedTag, Value = "key" });

        return DatabasePlan.IsStillborn(observed);
    }

    public static IEnumerable<TestCaseData<string, bool, Action<DBInstance>>> Drifts()
    {
        yield return new("class", true, seen => seen.DBInstanceClass = "db.m5.large");
        yield return new("engine version", true, seen => seen.EngineVersion = "8.0.40");
        yield return new("storage", false, seen => seen.AllocatedStorage = 20);
        yield return new("deletion protection", false, seen => seen.DeletionProtection = false);
        yield return new("backups", false, seen => seen.BackupRetentionPeriod = 0);
        yield return new("public access", false, seen => seen.PubliclyAccessible = true);
        yield return new("security group", false, seen => seen.VpcSecurityGroups[0].VpcSecurityGroupId = "sg-default");
        yield return new("standby", false, seen => seen.MultiAZ = true);
    }

    [TestCaseSource(nameof(Drifts))]
    public void Compare_Drift_OnlyThatPropertyIsSet(string property, bool downtime, Action<DBInstance> drift)
    {
        var observed = Observed();
        drift(observed);

        var difference = Compare(observed).Single();

        Assert.That((difference.Value.Name, difference.Downtime), Is.EqualTo((property, downtime)));
    }

    [Test]
    public void Compare_NotEncrypted_IsRefusedSinceOnlyAReplacementWouldHelp()
    {
        var observed = Observed();
        observed.StorageEncrypted = false;

        Assert.That(() => Compare(observed), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.DowntimeNotApproved));
    }

    [Test]
    public void InitializedKey_DatabaseAdded_Changes()
    {
        var more = Node with { Hosts = [.. Node.Hosts, new VirtualHostSettings { Hostname = "sync9.localhost", Database = "syncstorage9" }] };

        Assert.That(DatabasePlan.InitializedKey(more, "sync2"), Is.Not.EqualTo(DatabasePlan.InitializedKey(Node, "sync2")));
    }

    [Test]
    public void Compare_LaterLineThanTheSettingsSay_IsLeftAloneAndSaid()
    {
        var observed = Observed();
        observed.EngineVersion = "9.1.0";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Compare(observed), Is.Empty, "RDS refuses a downgrade");
            Assert.That(DatabasePlan.NoticeOf(Node, observed), Does.Contain("9.1.0").And.Contain("engineVersion of db0"));
            Assert.That(DatabasePlan.NoticeOf(Node, Observed()), Is.Null);
        }
    }

    [Test]
    public void Compare_PatchOfAFullVersionByAws_IsNoDrift()
    {
        var observed = Observed();
        observed.EngineVersion = "8.4.7";

        var node = Node with { EngineVersion = "8.4.6" };

        Assert.That(DatabasePlan.Compare(node, observed, "sg-db", "sync2"), Is.Empty);
        Assert.That(DatabasePlan.NoticeOf(node, observed), Is.Null);
    }

    private static IReadOnlyList<DatabaseDifference> Compare(DBInstance observed) => DatabasePlan.Compare(Node, observed, "sg-db", "sync2");

    private static DBInstance Observed() => new()
    {
        DBInstanceIdentifier = "sync2-db0",
        DBInstanceClass = Node.InstanceClass,
        AllocatedStorage = Node.StorageGiB,
        EngineVersion = "8.4.3",
        MultiAZ = false,
        BackupRetentionPeriod = Node.BackupDays,
        DeletionProtection = true,
        StorageEncrypted = true,
        PubliclyAccessible = false,
        VpcSecurityGroups = [new VpcSecurityGroupMembership { VpcSecurityGroupId = "sg-db", Status = "active" }],
        TagList = ResourceTags.Of("sync2", "dbnode").ToRds(),
    };
}
