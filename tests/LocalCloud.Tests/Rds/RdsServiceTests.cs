using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Rds;
using SyncStorage.LocalCloud.Tests.Elb;

namespace SyncStorage.LocalCloud.Tests.Rds;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class RdsServiceTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeEngine engine = new();
    private readonly FakeAddresses addresses = new(1);
    private readonly FakeGroups groups = new("sg-1");
    private string directory = "";
    private RdsService rds = null!;

    [SetUp]
    public void SetUp()
    {
        directory = Directory.CreateTempSubdirectory("rds-unit-").FullName;
        rds = NewService();
    }

    [TearDown]
    public async Task TearDown()
    {
        await rds.StopAsync(keepProcesses: false, CancellationToken.None);
        rds.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [TestCase(20, 3_000, 125)]
    [TestCase(400, 12_000, 500)]
    public async Task Create_Gp3_ShowsWhatItsSizeCanDo(int gibibytes, int operations, int throughput)
    {
        await rds.CallAsync("CreateDBInstance", $$"""
            {"DBInstanceIdentifier":"db0","Engine":"mysql","DBInstanceClass":"db.t4g.micro","AllocatedStorage":{{gibibytes}},"StorageType":"gp3","MasterUsername":"admin","MasterUserPassword":"a-password"}
            """);

        var described = await InstanceAsync();
        Assert.That(((int)described["Iops"]!, (int)described["StorageThroughput"]!), Is.EqualTo((operations, throughput)));
    }

    [Test]
    public async Task Create_TimePasses_GoesThroughTheStatesOfAws()
    {
        await CreateAsync();
        await Eventually.TrueAsync(() => engine.Running.Count == 1, "the server runs");

        var creating = await InstanceAsync();
        await UntilAsync("backing-up", TimeSpan.FromMinutes(4));
        await UntilAsync("available", TimeSpan.FromMinutes(1));

        var available = await InstanceAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)creating["DBInstanceStatus"]!, Is.EqualTo("creating"));
            Assert.That(creating["Endpoint"], Is.Null);
            Assert.That((string)available["Endpoint"]!["Address"]!, Is.EqualTo("127.90.1.1"));
            Assert.That((int)available["Endpoint"]!["Port"]!, Is.EqualTo(3306));
            Assert.That((string)available["EngineVersion"]!, Is.EqualTo("8.4.6"));
            Assert.That((string)available["DBInstanceArn"]!, Is.EqualTo("arn:aws:rds:us-east-1:000000000000:db:db0"));
            Assert.That((string)available["DBSubnetGroup"]!["DBSubnetGroupName"]!, Is.EqualTo("default"));
            Assert.That((string)available["TagList"]![0]!["Value"]!, Is.EqualTo("sync2"));
            Assert.That(groups.InUse("sg-1"), Is.True);
        }
    }

    [Test]
    public async Task Create_BackupsOff_HasNoFirstBackup()
    {
        await CreateAsync(input => input["BackupRetentionPeriod"] = 0);
        await Eventually.TrueAsync(() => engine.Running.Count == 1, "the server runs");

        await UntilAsync("available", TimeSpan.FromMinutes(4));

        Assert.That(engine.Running, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Create_EngineFails_StatusSaysWhy()
    {
        engine.CreationFailsWith = "no MariaDB here";

        await CreateAsync();
        await rds.IdleAsync();

        var instance = await InstanceAsync();
        Assert.That((string)instance["DBInstanceStatus"]!, Is.EqualTo("failed"));
        Assert.That((string)instance["StatusInfos"]![0]!["Message"]!, Is.EqualTo("no MariaDB here"));
    }

    [TestCase("DBInstanceIdentifier", "-db", "InvalidParameterValue")]
    [TestCase("DBInstanceIdentifier", "db--0", "InvalidParameterValue")]
    [TestCase("Engine", "oracle", "InvalidParameterValue")]
    [TestCase("EngineVersion", "5.5", "InvalidParameterCombination")]
    [TestCase("DBInstanceClass", "t3.micro", "InvalidParameterValue")]
    [TestCase("MasterUsername", "root", "InvalidParameterValue")]
    [TestCase("MasterUsername", "1abc", "InvalidParameterValue")]
    [TestCase("MasterUserPassword", "short", "InvalidParameterValue")]
    [TestCase("MasterUserPassword", "with/slash1", "InvalidParameterValue")]
    [TestCase("AllocatedStorage", "5", "InvalidParameterValue")]
    [TestCase("BackupRetentionPeriod", "36", "InvalidParameterValue")]
    [TestCase("DBSubnetGroupName", "other", "DBSubnetGroupNotFoundFault")]
    [TestCase("DBParameterGroupName", "other", "DBParameterGroupNotFound")]
    [TestCase("DBName", "a-b", "InvalidParameterValue")]
    public async Task Create_BadMember_IsRefusedWithAwsCode(string member, string value, string code)
    {
        var input = Input();
        input[member] = value;

        Assert.That(await rds.ErrorOfAsync("CreateDBInstance", input.ToJsonString()), Is.EqualTo(code));
        Assert.That(addresses.Owners, Is.Empty);
    }

    [Test]
    public async Task Create_UnknownSecurityGroup_IsRefused()
    {
        var input = Input();
        input["VpcSecurityGroupIds"] = new JsonArray("sg-9");

        Assert.That(await rds.ErrorOfAsync("CreateDBInstance", input.ToJsonString()), Is.EqualTo("InvalidParameterValue"));
    }

    [Test]
    public async Task Create_SameIdentifierInOtherCase_AlreadyExists()
    {
        await CreateAsync();

        Assert.That(
            await rds.ErrorOfAsync("CreateDBInstance", Input().ToJsonString().Replace("\"db0\"", "\"DB0\"", StringComparison.Ordinal)),
            Is.EqualTo("DBInstanceAlreadyExists"));
    }

    [Test]
    public async Task Modify_NotImmediately_WaitsInPendingModifiedValues()
    {
        await AvailableAsync();

        await ModifyAsync("""{"DBInstanceIdentifier":"db0","DBInstanceClass":"db.m5.large","MultiAZ":true}""");

        var instance = await InstanceAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)instance["DBInstanceStatus"]!, Is.EqualTo("available"));
            Assert.That((string)instance["DBInstanceClass"]!, Is.EqualTo("db.t3.micro"));
            Assert.That((string)instance["PendingModifiedValues"]!["DBInstanceClass"]!, Is.EqualTo("db.m5.large"));
            Assert.That((bool)instance["PendingModifiedValues"]!["MultiAZ"]!, Is.True);
        }
    }

    [Test]
    public async Task Modify_Immediately_AppliesAfterModifying()
    {
        await AvailableAsync();

        await ModifyAsync("""{"DBInstanceIdentifier":"db0","DBInstanceClass":"db.m5.large","ApplyImmediately":true}""");
        var modifying = await InstanceAsync();
        await UntilAsync("available", TimeSpan.FromMinutes(1));

        var instance = await InstanceAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)modifying["DBInstanceStatus"]!, Is.EqualTo("modifying"));
            Assert.That((string)instance["DBInstanceClass"]!, Is.EqualTo("db.m5.large"));
            Assert.That(instance["PendingModifiedValues"]!.AsObject(), Is.Empty);
            Assert.That(engine.Log.TakeLast(2), Is.EqualTo(new[] { "stop", "start" }));
        }
    }

    [TestCase("""{"DBInstanceIdentifier":"db0","DeletionProtection":false}""", "DeletionProtection", "false")]
    [TestCase("""{"DBInstanceIdentifier":"db0","BackupRetentionPeriod":14}""", "BackupRetentionPeriod", "14")]
    [TestCase("""{"DBInstanceIdentifier":"db0","CopyTagsToSnapshot":true}""", "CopyTagsToSnapshot", "true")]
    public async Task Modify_WhatNeedsNoServer_AppliesAtOnce(string change, string member, string value)
    {
        await AvailableAsync(input => input["DeletionProtection"] = true);

        var answer = await ModifyAsync(change);

        Assert.That(answer["DBInstance"]![member]!.ToJsonString(), Is.EqualTo(value));
        Assert.That((string)answer["DBInstance"]!["DBInstanceStatus"]!, Is.EqualTo("available"));
    }

    [TestCase("""{"DBInstanceIdentifier":"db0","AllocatedStorage":10}""", "InvalidParameterCombination")]
    [TestCase("""{"DBInstanceIdentifier":"db0","EngineVersion":"8.4.3"}""", "InvalidParameterCombination")]
    [TestCase("""{"DBInstanceIdentifier":"db0","MasterUserPassword":"short"}""", "InvalidParameterValue")]
    [TestCase("""{"DBInstanceIdentifier":"db1","MultiAZ":true}""", "DBInstanceNotFound")]
    public async Task Modify_WhatAwsRefuses_IsRefused(string change, string code)
    {
        await AvailableAsync();

        Assert.That(await rds.ErrorOfAsync("ModifyDBInstance", change), Is.EqualTo(code));
    }

    [Test]
    public async Task Modify_SameEngineVersionByPrefix_ChangesNothing()
    {
        await AvailableAsync();

        var answer = await ModifyAsync("""{"DBInstanceIdentifier":"db0","EngineVersion":"8.4","ApplyImmediately":true}""");

        Assert.That((string)answer["DBInstance"]!["DBInstanceStatus"]!, Is.EqualTo("available"));
    }

    [Test]
    public async Task Reboot_Available_RestartsTheServer()
    {
        await AvailableAsync();
        var before = engine.Running.Single();

        await rds.CallAsync("RebootDBInstance", """{"DBInstanceIdentifier":"db0"}""");
        var second = await rds.ErrorOfAsync("RebootDBInstance", """{"DBInstanceIdentifier":"db0"}""");
        await UntilAsync("available", TimeSpan.FromSeconds(30));

        Assert.That(second, Is.EqualTo("InvalidDBInstanceState"));
        Assert.That(engine.Running.Single(), Is.Not.EqualTo(before));
    }

    [TestCase("""{"DBInstanceIdentifier":"db0"}""")]
    [TestCase("""{"DBInstanceIdentifier":"db0","SkipFinalSnapshot":true,"FinalDBSnapshotIdentifier":"f"}""")]
    [TestCase("""{"DBInstanceIdentifier":"db0","SkipFinalSnapshot":true}""")]
    public async Task Delete_ProtectedOrWithoutDecision_IsRefused(string input)
    {
        await AvailableAsync(record => record["DeletionProtection"] = true);

        Assert.That(await rds.ErrorOfAsync("DeleteDBInstance", input), Is.EqualTo("InvalidParameterCombination"));
    }

    [Test]
    public async Task Delete_FinalSnapshot_IsTakenOfTheStoppedServerAndStays()
    {
        await AvailableAsync(input => input["CopyTagsToSnapshot"] = true);

        await rds.CallAsync("DeleteDBInstance", """{"DBInstanceIdentifier":"db0","FinalDBSnapshotIdentifier":"final"}""");
        var again = await rds.ErrorOfAsync("DeleteDBInstance", """{"DBInstanceIdentifier":"db0","SkipFinalSnapshot":true}""");
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return await rds.ErrorOfAsync("DescribeDBInstances", """{"DBInstanceIdentifier":"db0"}""") == "DBInstanceNotFound";
            },
            "it is gone");

        var snapshot = (await rds.CallAsync("DescribeDBSnapshots", """{"DBInstanceIdentifier":"db0"}"""))["DBSnapshots"]![0]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again, Is.EqualTo("InvalidDBInstanceState"));
            Assert.That(engine.Log.TakeLast(3), Is.EqualTo(new[] { "stop", "archive final stopped", "remove" }));
            Assert.That((string)snapshot["Status"]!, Is.EqualTo("available"));
            Assert.That((string)snapshot["TagList"]![0]!["Key"]!, Is.EqualTo("Cluster"));
            Assert.That(addresses.Owners, Is.Empty);
            Assert.That(groups.InUse("sg-1"), Is.False);
        }
    }

    [Test]
    public async Task Delete_WhileCreating_StaysDeletingUntilItIsGone()
    {
        await CreateAsync();

        await rds.CallAsync("DeleteDBInstance", """{"DBInstanceIdentifier":"db0","SkipFinalSnapshot":true}""");
        List<string> seen = [];
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                try
                {
                    seen.Add((string)(await InstanceAsync())["DBInstanceStatus"]!);
                    return false;
                }
                catch (AwsException gone) when (gone.Code == "DBInstanceNotFound")
                {
                    return true;
                }
            },
            "it is gone");

        Assert.That(seen, Is.All.EqualTo("deleting"));
        Assert.That(engine.Running, Is.Empty);
    }

    [Test]
    public async Task Server_DiesAgainAndAgain_Fails()
    {
        await AvailableAsync();

        for (var i = 0; i < 4; i++)
        {
            await Eventually.TrueAsync(() => engine.Running.Count == 1, "a server runs");
            engine.Die(engine.Running.Single());
        }

        await Eventually.TrueAsync(async () => (string)(await InstanceAsync())["DBInstanceStatus"]! == "failed", "it fails");
    }

    [Test]
    public async Task Restart_ServerStillRuns_IsAdopted()
    {
        await AvailableAsync();
        var process = engine.Running.Single();

        await rds.StopAsync(keepProcesses: true, CancellationToken.None);
        rds.Dispose();
        rds = NewService();
        await rds.StartAsync(CancellationToken.None);
        await rds.IdleAsync();

        Assert.That(engine.Running.Single(), Is.EqualTo(process));
        Assert.That((string)(await InstanceAsync())["DBInstanceStatus"]!, Is.EqualTo("available"));
    }

    [Test]
    public async Task SubnetGroup_OneZoneOrUnknownSubnetOrInUse_IsRefused()
    {
        const string Create = """{"DBSubnetGroupName":"G","DBSubnetGroupDescription":"d","SubnetIds":[SUBNETS]}""";
        const string Two = "\"subnet-0a00000000000000a\",\"subnet-0b00000000000000b\"";
        var oneZone = await rds.ErrorOfAsync("CreateDBSubnetGroup", Create.Replace("SUBNETS", "\"subnet-0a00000000000000a\"", StringComparison.Ordinal));
        var unknown = await rds.ErrorOfAsync("CreateDBSubnetGroup", Create.Replace("SUBNETS", "\"subnet-1\"", StringComparison.Ordinal));
        var group = await rds.CallAsync("CreateDBSubnetGroup", Create.Replace("SUBNETS", Two, StringComparison.Ordinal));
        await CreateAsync(input => input["DBSubnetGroupName"] = "g");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(oneZone, Is.EqualTo("DBSubnetGroupDoesNotCoverEnoughAZs"));
            Assert.That(unknown, Is.EqualTo("InvalidSubnet"));
            Assert.That((string)group["DBSubnetGroup"]!["DBSubnetGroupName"]!, Is.EqualTo("g"));
            Assert.That(await rds.ErrorOfAsync("CreateDBSubnetGroup", Create.Replace("SUBNETS", Two, StringComparison.Ordinal)), Is.EqualTo("DBSubnetGroupAlreadyExists"));
            Assert.That(await rds.ErrorOfAsync("DeleteDBSubnetGroup", """{"DBSubnetGroupName":"g"}"""), Is.EqualTo("InvalidDBSubnetGroupStateFault"));
            Assert.That(await rds.ErrorOfAsync("DeleteDBSubnetGroup", """{"DBSubnetGroupName":"x"}"""), Is.EqualTo("DBSubnetGroupNotFoundFault"));
        }
    }

    [Test]
    public async Task Tags_OnEveryKindOfArn_AreAddedListedAndRemoved()
    {
        await CreateAsync();
        const string Arn = "arn:aws:rds:us-east-1:000000000000:db:db0";

        await rds.CallAsync("AddTagsToResource", $$"""{"ResourceName":"{{Arn}}","Tags":[{"Key":"Role","Value":"dbnode"}]}""");
        await rds.CallAsync("RemoveTagsFromResource", $$"""{"ResourceName":"{{Arn}}","TagKeys":["Cluster"]}""");
        var tags = (await rds.CallAsync("ListTagsForResource", $$"""{"ResourceName":"{{Arn}}"}"""))["TagList"]!.AsArray();

        Assert.That(tags.Select(tag => $"{tag!["Key"]}={tag["Value"]}"), Is.EqualTo(new[] { "Role=dbnode" }));
        Assert.That(await rds.ErrorOfAsync("ListTagsForResource", """{"ResourceName":"arn:aws:rds:us-east-1:000000000000:db:no"}"""), Is.EqualTo("DBInstanceNotFound"));
        Assert.That(await rds.ErrorOfAsync("ListTagsForResource", """{"ResourceName":"db0"}"""), Is.EqualTo("InvalidParameterValue"));
    }

    private RdsService NewService() => new(
        new CloudContext(directory, "us-east-1", "000000000000", new Uri("http://127.0.0.1:4599"), new TimeScale(1), time),
        engine, addresses, groups, NullLogger<RdsService>.Instance);

    private static JsonObject Input() => new()
    {
        ["DBInstanceIdentifier"] = "db0",
        ["Engine"] = "mysql",
        ["EngineVersion"] = "8.4",
        ["DBInstanceClass"] = "db.t3.micro",
        ["AllocatedStorage"] = 20,
        ["MasterUsername"] = "syncadmin",
        ["MasterUserPassword"] = "long-enough-1",
        ["VpcSecurityGroupIds"] = new JsonArray("sg-1"),
        ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "Cluster", ["Value"] = "sync2" }),
    };

    private async Task CreateAsync(Action<JsonObject>? change = null)
    {
        var input = Input();
        change?.Invoke(input);
        await rds.CallAsync("CreateDBInstance", input.ToJsonString());
    }

    private async Task AvailableAsync(Action<JsonObject>? change = null)
    {
        await CreateAsync(change);
        await UntilAsync("available", TimeSpan.FromMinutes(5));
    }

    private Task<JsonObject> ModifyAsync(string json) => rds.CallAsync("ModifyDBInstance", json);

    private async Task<JsonObject> InstanceAsync() =>
        (await rds.CallAsync("DescribeDBInstances", """{"DBInstanceIdentifier":"db0"}"""))["DBInstances"]![0]!.AsObject();

    /// <summary>Lets AWS's time pass until a status is there.</summary>
    private async Task UntilAsync(string status, TimeSpan passes)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                var now = (string)(await InstanceAsync())["DBInstanceStatus"]!;
                if (now == status) return true;
                if (now == "failed") Assert.Fail((await InstanceAsync())["StatusInfos"]!.ToJsonString());
                time.Advance(passes / 20);
                return false;
            },
            $"db0 becomes {status}");
    }
}
