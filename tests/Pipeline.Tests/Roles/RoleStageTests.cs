using Amazon.IdentityManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Roles;

public sealed class RoleStageTests
{
    private static readonly string[] Reads = ["ListInstanceProfiles", "GetRolePolicy", "GetRolePolicy"];

    private readonly JumpingTime time = new();
    private readonly RecordingProgress progress = new();
    private readonly FakeIam iam = new();

    [Test]
    public async Task RunAsync_Twice_MakesRolesOnceAndLooksThreeTimes()
    {
        await RunAsync();
        var made = iam.Changes.ToList();
        iam.Calls.Clear();

        await RunAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(made, Is.EqualTo(Enumerable.Repeat<string[]>(["CreateRole", "CreateInstanceProfile", "PutRolePolicy", "AddRoleToInstanceProfile"], 2).SelectMany(calls => calls)));
            Assert.That(iam.Calls, Is.EqualTo(Reads));
            Assert.That(iam.World, Has.Exactly(2).StartsWith("role /sync2/sync2-").And.Exactly(2).StartsWith("profile /sync2/sync2-"));
        }
    }

    [Test]
    public async Task RunAsync_WhatIsNewIsUnknownForAWhile_IsWaitedFor()
    {
        iam.UnknownFor = 5;

        await RunAsync();

        Assert.That(iam.World, Is.EqualTo(await WantedAsync()));
        Assert.That(progress.Lines, Has.Some.Contains("NoSuchEntity"));
    }

    [Test]
    public async Task RunAsync_AnswersAreLost_Converges()
    {
        iam.LosesAnswers = true;

        await RunAsync();

        Assert.That(iam.World, Is.EqualTo(await WantedAsync()));
    }

    [Test]
    public async Task RunAsync_KilledAtEachChange_TheNextRunConverges([Range(0, 7)] int changes)
    {
        iam.KillAfter = changes;
        await Assert.CatchAsync<OperationCanceledException>(() => RunAsync());
        iam.KillAfter = null;

        await RunAsync();

        Assert.That(iam.World, Is.EquivalentTo(await WantedAsync()));
    }

    [Test]
    public async Task RunAsync_AnotherPolicyAndAnotherRole_ArePutBack()
    {
        await RunAsync();
        await iam.Iam.PutRolePolicyAsync(new PutRolePolicyRequest { RoleName = "sync2-webhead", PolicyName = "access", PolicyDocument = "{}" });
        await iam.Iam.RemoveRoleFromInstanceProfileAsync(new RemoveRoleFromInstanceProfileRequest { InstanceProfileName = "sync2-admin", RoleName = "sync2-admin" });
        await iam.Iam.AddRoleToInstanceProfileAsync(new AddRoleToInstanceProfileRequest { InstanceProfileName = "sync2-admin", RoleName = "sync2-webhead" });
        var planned = await Stage().PlanAsync(CancellationToken.None);

        await RunAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(planned.Select(change => change.ToString()), Is.EqualTo(new[]
            {
                "update role sync2-webhead: its policy access",
                "update instance profile sync2-admin: role sync2-webhead → sync2-admin",
            }));
            Assert.That(iam.World, Is.EquivalentTo(await WantedAsync()));
        }
    }

    [Test]
    public async Task RunAsync_RoleOfAnother_IsNotTouchedNorAnyOther()
    {
        await iam.Iam.CreateRoleAsync(new CreateRoleRequest { RoleName = "sync2-admin", Path = "/", AssumeRolePolicyDocument = "{}", Tags = [] });
        iam.Calls.Clear();

        var error = await Assert.CatchAsync<PipelineException>(() => RunAsync());

        Assert.That((error!.Code, iam.Changes.Count()), Is.EqualTo((ErrorCode.NotOurs, 0)));
    }

    [Test]
    public async Task RunAsync_Boundary_IsPartOfTheRole()
    {
        var settings = TestSettings.Local with { Iam = new IamSettings { PermissionsBoundary = "arn:aws:iam::111111111111:policy/boundary" } };

        await RunAsync(settings);

        Assert.That(await Stage(settings).PlanAsync(CancellationToken.None), Is.Empty);
        Assert.That(iam.Role("sync2-webhead").PermissionsBoundary.PermissionsBoundaryArn, Is.EqualTo("arn:aws:iam::111111111111:policy/boundary"));
    }

    [Test]
    public async Task RunAsync_ProfilesAreNamed_AsksNothing()
    {
        await RunAsync(TestSettings.Local with { Webheads = new WebheadSettings { InstanceProfile = "theirs", AdminInstanceProfile = "theirs" } });

        Assert.That(iam.Calls, Is.Empty);
    }

    [Test]
    public async Task Removal_AlsoOfWhatWasAdded_LeavesNothing()
    {
        await RunAsync();
        iam.Attached["sync2-webhead"] = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];

        await RemovalAsync();
        await RemovalAsync();

        Assert.That(iam.World, Is.Empty);
    }

    [Test]
    public async Task Removal_DbnodeOnEc2_LeavesNothing()
    {
        var settings = TestSettings.Local with { Dbnodes = [TestSettings.Node with { Backend = "ec2" }] };
        await RunAsync(settings);
        Assert.That(iam.Role("sync2-dbnode-db0").RoleName, Is.EqualTo("sync2-dbnode-db0"));

        await RemovalAsync(settings);

        Assert.That(iam.World, Is.Empty);
    }

    [Test]
    public async Task Removal_RoleOfAnother_Stays()
    {
        await iam.Iam.CreateRoleAsync(new CreateRoleRequest { RoleName = "sync2-admin", Path = "/", AssumeRolePolicyDocument = "{}", Tags = [] });

        await RemovalAsync();

        Assert.That(iam.World, Has.Count.EqualTo(1));
        Assert.That(progress.Lines, Has.Some.EqualTo("! role sync2-admin is not this cluster's, and stays"));
    }

    private RoleStage Stage(EnvironmentSettings? settings = null)
    {
        var bucket = new MemoryBucket(time);
        return new RoleStage(iam, settings ?? TestSettings.Local, TestSettings.Names, bucket.Bucket, bucket.Connection, new Waiter(time, progress), progress);
    }

    private Task RunAsync(EnvironmentSettings? settings = null) => Stage(settings).RunAsync(CancellationToken.None);

    private Task RemovalAsync(EnvironmentSettings? settings = null) =>
        new RoleRemoval(iam, settings ?? TestSettings.Local, TestSettings.Names, new RemovalWaits(TestSettings.Local, new Waiter(time, progress)), progress).RunAsync(CancellationToken.None);

    /// <summary>What a run makes that nothing disturbs.</summary>
    private async Task<IReadOnlyList<string>> WantedAsync()
    {
        var quiet = new FakeIam();
        var bucket = new MemoryBucket(time);
        await new RoleStage(quiet, TestSettings.Local, TestSettings.Names, bucket.Bucket, bucket.Connection, new Waiter(time, progress), progress).RunAsync(CancellationToken.None);
        return quiet.World;
    }
}
