using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Iam;

[Category(Categories.Emulator)]
internal sealed class IamServiceTests
{
    private const string Trust = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}""";
    private const string Boundary = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

    private static readonly string Policy = LocalCloudFixture.Policy("""{"Sid": "One", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a b/*"}""");

    private LocalCloudFixture cloud = null!;
    private AmazonIdentityManagementServiceClient iam = null!;

    [SetUp]
    public async Task StartCloud()
    {
        cloud = await LocalCloudFixture.StartAsync();
        iam = cloud.Iam();
    }

    [TearDown]
    public async Task StopCloud()
    {
        iam.Dispose();
        await cloud.DisposeAsync();
    }

    [Test]
    public async Task Role_Whole_IsAsItWasMadeAlsoAfterARestart()
    {
        var made = (await iam.CreateRoleAsync(new CreateRoleRequest
        {
            RoleName = "web",
            Path = "/sync2/",
            Description = "For tests",
            AssumeRolePolicyDocument = Trust,
            PermissionsBoundary = Boundary,
            Tags = [new Tag { Key = "Cluster", Value = "sync2" }],
        })).Role;
        await iam.PutRolePolicyAsync(new PutRolePolicyRequest { RoleName = "web", PolicyName = "access", PolicyDocument = Policy });
        await iam.AttachRolePolicyAsync(new AttachRolePolicyRequest { RoleName = "web", PolicyArn = Boundary });

        await cloud.RestartAsync(keepProcesses: false);
        using var after = new AmazonIdentityManagementServiceClient(cloud.Credentials, cloud.Configure(new AmazonIdentityManagementServiceConfig()));
        var role = (await after.GetRoleAsync(new GetRoleRequest { RoleName = "WEB" })).Role;
        var policy = await after.GetRolePolicyAsync(new GetRolePolicyRequest { RoleName = "web", PolicyName = "access" });
        var listed = (await after.ListRolesAsync(new ListRolesRequest { PathPrefix = "/sync2/" })).Roles;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((made.Arn, made.RoleId), Is.EqualTo(("arn:aws:iam::000000000000:role/sync2/web", role.RoleId)));
            Assert.That(Uri.UnescapeDataString(role.AssumeRolePolicyDocument), Is.EqualTo(Trust));
            Assert.That(role.AssumeRolePolicyDocument, Does.StartWith("%7B"), "documents come back URL-encoded");
            Assert.That(Uri.UnescapeDataString(policy.PolicyDocument), Is.EqualTo(Policy));
            Assert.That((role.PermissionsBoundary.PermissionsBoundaryArn, role.Tags[0].Value), Is.EqualTo((Boundary, "sync2")));
            Assert.That(listed.Select(one => (one.RoleName, one.Tags, one.PermissionsBoundary)), Is.EqualTo(new[] { ("web", (List<Tag>?)null, (AttachedPermissionsBoundary?)null) }), "lists leave tags and boundaries out");
        }
    }

    [Test]
    public async Task DeleteRole_InUse_IsRefusedUntilNothingIsLeft()
    {
        await cloud.MakeProfileAsync("web");
        await iam.AttachRolePolicyAsync(new AttachRolePolicyRequest { RoleName = "web", PolicyArn = Boundary });

        var refusals = new List<string?>();
        foreach (var undo in new Func<Task>[]
        {
            () => iam.RemoveRoleFromInstanceProfileAsync(new RemoveRoleFromInstanceProfileRequest { InstanceProfileName = "web", RoleName = "web" }),
            () => iam.DeleteRolePolicyAsync(new DeleteRolePolicyRequest { RoleName = "web", PolicyName = "access" }),
            () => iam.DetachRolePolicyAsync(new DetachRolePolicyRequest { RoleName = "web", PolicyArn = Boundary }),
        })
        {
            refusals.Add(await ErrorAsync(() => iam.DeleteRoleAsync(new DeleteRoleRequest { RoleName = "web" })));
            await undo();
        }

        await iam.DeleteRoleAsync(new DeleteRoleRequest { RoleName = "web" });
        Assert.That(refusals, Has.Count.EqualTo(3).And.All.EqualTo("DeleteConflict"));
        Assert.That(await ErrorAsync(() => iam.GetRoleAsync(new GetRoleRequest { RoleName = "web" })), Is.EqualTo("NoSuchEntity"));
    }

    [Test]
    public async Task InstanceProfile_Roles_AreOneAtMost()
    {
        await cloud.MakeProfileAsync("web");
        await iam.CreateRoleAsync(new CreateRoleRequest { RoleName = "other", AssumeRolePolicyDocument = Trust });

        var second = await ErrorAsync(() => iam.AddRoleToInstanceProfileAsync(new AddRoleToInstanceProfileRequest { InstanceProfileName = "web", RoleName = "other" }));
        var deleted = await ErrorAsync(() => iam.DeleteInstanceProfileAsync(new DeleteInstanceProfileRequest { InstanceProfileName = "web" }));
        var profiles = (await iam.ListInstanceProfilesForRoleAsync(new ListInstanceProfilesForRoleRequest { RoleName = "web" })).InstanceProfiles;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((second, deleted), Is.EqualTo(("LimitExceeded", "DeleteConflict")));
            Assert.That(profiles.Select(profile => (profile.InstanceProfileName, profile.Roles[0].RoleName)), Is.EqualTo(new[] { ("web", "web") }));
        }
    }

    [TestCase("{", "MalformedPolicyDocument")]
    [TestCase("""{"Statement": {"Effect": "Allow", "Action": "s3:GetObject"}}""", "MalformedPolicyDocument")]
    [TestCase("""{"Statement": {"Effect": "Perhaps", "Action": "s3:GetObject", "Resource": "*"}}""", "MalformedPolicyDocument")]
    [TestCase("""{"Statement": {"Effect": "Allow", "Action": "GetObject", "Resource": "*"}}""", "MalformedPolicyDocument")]
    [TestCase("""{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "bucket"}}""", "MalformedPolicyDocument")]
    [TestCase("""{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringSounds": {"a:b": "c"}}}}""", "MalformedPolicyDocument")]
    [TestCase("""{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}""", "MalformedPolicyDocument")]
    public async Task PutRolePolicy_Malformed_IsRefused(string document, string code)
    {
        await cloud.MakeProfileAsync("web");

        Assert.That(await ErrorAsync(() => iam.PutRolePolicyAsync(new PutRolePolicyRequest { RoleName = "web", PolicyName = "p", PolicyDocument = document })), Is.EqualTo(code));
    }

    [Test]
    public async Task Names_TakenOrUnknown_AreRefused()
    {
        await cloud.MakeProfileAsync("web");
        var large = LocalCloudFixture.Policy($$"""{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{{new string('a', 10_240)}}"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ErrorAsync(() => iam.CreateRoleAsync(new CreateRoleRequest { RoleName = "Web", AssumeRolePolicyDocument = Trust })), Is.EqualTo("EntityAlreadyExists"));
            Assert.That(await ErrorAsync(() => iam.CreateInstanceProfileAsync(new CreateInstanceProfileRequest { InstanceProfileName = "web" })), Is.EqualTo("EntityAlreadyExists"));
            Assert.That(await ErrorAsync(() => iam.GetInstanceProfileAsync(new GetInstanceProfileRequest { InstanceProfileName = "nobody" })), Is.EqualTo("NoSuchEntity"));
            Assert.That(await ErrorAsync(() => iam.GetRolePolicyAsync(new GetRolePolicyRequest { RoleName = "web", PolicyName = "other" })), Is.EqualTo("NoSuchEntity"));
            Assert.That(await ErrorAsync(() => iam.PutRolePolicyAsync(new PutRolePolicyRequest { RoleName = "web", PolicyName = "p", PolicyDocument = large })), Is.EqualTo("LimitExceeded"));
            Assert.That(await ErrorAsync(() => iam.CreateRoleAsync(new CreateRoleRequest { RoleName = "a b", AssumeRolePolicyDocument = Trust })), Is.EqualTo("ValidationError"));
        }
    }

    [Test]
    public async Task Tags_AddedAndTaken_AreShown()
    {
        await cloud.MakeProfileAsync("web");

        await iam.TagRoleAsync(new TagRoleRequest { RoleName = "web", Tags = [new Tag { Key = "a", Value = "1" }, new Tag { Key = "b", Value = "2" }] });
        await iam.UntagRoleAsync(new UntagRoleRequest { RoleName = "web", TagKeys = ["a"] });
        await iam.TagInstanceProfileAsync(new TagInstanceProfileRequest { InstanceProfileName = "web", Tags = [new Tag { Key = "c", Value = "3" }] });
        var ofRole = (await iam.ListRoleTagsAsync(new ListRoleTagsRequest { RoleName = "web" })).Tags;
        var ofProfile = (await iam.GetInstanceProfileAsync(new GetInstanceProfileRequest { InstanceProfileName = "web" })).InstanceProfile.Tags;

        Assert.That(ofRole.Concat(ofProfile).Select(tag => (tag.Key, tag.Value)), Is.EqualTo(new[] { ("b", "2"), ("c", "3") }));
    }

    private static async Task<string?> ErrorAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (AmazonIdentityManagementServiceException error)
        {
            return error.ErrorCode;
        }
    }
}
