using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;
using ErrorCode = SyncStorage.Pipeline.Errors.ErrorCode;
using RdsSubnet = Amazon.RDS.Model.Subnet;
using RdsTag = Amazon.RDS.Model.Tag;

namespace SyncStorage.Pipeline.Tests.Database;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FullDatabaseTests
{
    private const int Had = 20;

    private readonly FullDatabase cloud = new();

    [Test]
    public async Task Ensure_SettingsAsForBefore_SaysWhatToDo()
    {
        var nodes = Nodes(Had);
        await nodes.RequestAsync(CancellationToken.None);

        var failure = (await Assert.ThrowsAsync<PipelineException>(() => nodes.WaitAvailableAsync(CancellationToken.None)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.StorageFull));
            Assert.That(failure.Hint, Does.Contain("Set storageGiB of db0 to more than 20"));
            Assert.That(cloud.Modified, Is.Empty);
        }
    }

    [Test]
    public async Task Ensure_MoreStorageAndOtherBackups_EnlargesItFirstAndThenDoesTheRest()
    {
        var nodes = Nodes(40);

        await nodes.RequestAsync(CancellationToken.None);
        await nodes.WaitAvailableAsync(CancellationToken.None);
        await nodes.RequestAsync(CancellationToken.None);

        Assert.That(cloud.Modified.Select(request => (request.AllocatedStorage, request.BackupRetentionPeriod)), Is.EqualTo(new (int?, int?)[] { (40, null), (null, 7) }));
    }

    private DatabaseNodes Nodes(int storageGiB)
    {
        var settings = TestSettings.Local with { Dbnodes = [TestSettings.Node with { StorageGiB = storageGiB, BackupDays = 7 }] };
        var progress = new RecordingProgress();
        var waiter = new Waiter(new BudgetedTime(), progress);
        var waits = new RemovalWaits(settings, waiter);
        return new DatabaseNodes(
            cloud, settings, TestSettings.Names, new Observation(cloud, settings, TestSettings.Names), new SecretStore(cloud, settings, TestSettings.Names, TimeProvider.System, progress),
            new RunOptions { RepositoryRoot = "/" }, waiter, new DatabaseRemoval(cloud, waits, TimeProvider.System, progress), waits, progress);
    }

    /// <summary>A database that is full until it gets more storage, and takes nothing else until then.</summary>
    private sealed class FullDatabase : NoClients
    {
        private readonly DBInstance database = new()
        {
            DBInstanceIdentifier = "sync2-db0",
            DBInstanceStatus = "storage-full",
            AllocatedStorage = Had,
            DBInstanceClass = TestSettings.Node.InstanceClass,
            EngineVersion = TestSettings.Node.EngineVersion,
            MultiAZ = TestSettings.Node.MultiAz,
            BackupRetentionPeriod = 3,
            DeletionProtection = true,
            StorageEncrypted = true,
            VpcSecurityGroups = [new VpcSecurityGroupMembership { VpcSecurityGroupId = "sg-db" }],
            DBSubnetGroup = new DBSubnetGroup { DBSubnetGroupName = TestSettings.Names.DatabaseSubnets },
            Endpoint = new Endpoint { Address = "127.0.0.1", Port = 3306 },
            TagList = [Tag("Product", "syncstorage"), Tag("Cluster", "sync2"), Tag(DatabasePlan.InitializedTag, "x")],
        };

        private static readonly string[] Zones = ["a", "b"];

        private int looks;

        public FullDatabase()
        {
            Ec2 = (IAmazonEC2)FakeFleetCloud.Calls.To(typeof(IAmazonEC2), Answer);
            Rds = (IAmazonRDS)FakeFleetCloud.Calls.To(typeof(IAmazonRDS), Answer);
        }

        public List<ModifyDBInstanceRequest> Modified { get; } = [];

        public override IAmazonEC2 Ec2 { get; }

        public override IAmazonRDS Rds { get; }

        private static RdsTag Tag(string key, string value) => new() { Key = key, Value = value };

        private object Answer(object request)
        {
            switch (request)
            {
                case DescribeVpcsRequest:
                    return new DescribeVpcsResponse { Vpcs = [new Vpc { VpcId = "vpc-1" }] };
                case DescribeSubnetsRequest:
                    return new DescribeSubnetsResponse { Subnets = [.. Zones.Select(zone => new Amazon.EC2.Model.Subnet { SubnetId = $"subnet-{zone}", AvailabilityZone = zone, DefaultForAz = true })] };
                case DescribeSecurityGroupsRequest:
                    return new DescribeSecurityGroupsResponse { SecurityGroups = [new SecurityGroup { GroupName = TestSettings.Names.DatabaseGroup, GroupId = "sg-db" }] };
                case DescribeDBSubnetGroupsRequest:
                    return new DescribeDBSubnetGroupsResponse { DBSubnetGroups = [new DBSubnetGroup { DBSubnetGroupName = TestSettings.Names.DatabaseSubnets, Subnets = [.. Zones.Select(zone => new RdsSubnet { SubnetIdentifier = $"subnet-{zone}" })] }] };
                case DescribeDBInstancesRequest:
                    // AWS says storage-full for a moment still.
                    if (Modified.Count > 0 && ++looks > 1) (database.DBInstanceStatus, database.AllocatedStorage) = ("available", Modified[0].AllocatedStorage);
                    return new DescribeDBInstancesResponse { DBInstances = [database] };
                case ModifyDBInstanceRequest modify:
                    if (database.DBInstanceStatus != "available" && modify.AllocatedStorage is not > Had) throw new InvalidOperationException("It is full.");
                    Modified.Add(modify);
                    return new ModifyDBInstanceResponse { DBInstance = database };
                default:
                    throw new NotSupportedException(request.GetType().Name);
            }
        }
    }
}
