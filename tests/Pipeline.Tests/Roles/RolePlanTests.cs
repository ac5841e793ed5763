using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Roles;

public sealed class RolePlanTests
{
    private const string Cluster = "sync2";

    private static readonly Arns Arns = new("eu-west-1", "111111111111");
    private static readonly DesiredRole Webhead = Desired(TestSettings.Local)[0];

    [Test]
    public void All_NamedProfile_IsNotMade()
    {
        var settings = TestSettings.Local with { Webheads = new WebheadSettings { InstanceProfile = "theirs" } };

        Assert.That(Desired(settings).Select(role => role.Name), Is.EqualTo(new[] { "sync2-admin" }));
        Assert.That((settings.MakesProfile("theirs"), settings.MakesProfile("sync2-admin"), settings.MakesProfile("sync2-webhead"), settings.MakesProfile(null)), Is.EqualTo((false, true, false, false)));
    }

    [Test]
    public void All_Policies_LetOnlyAdminsReadMasterSecrets()
    {
        var policies = Desired(TestSettings.Local).ToDictionary(role => role.Role, role => role.Policy);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(policies["webhead"], Does.Contain("parameter/sync2/secrets/*").And.Contain("parameter/sync2/db/*/app").And.Contain("bucket/config/*").And.Not.Contain("master"));
            Assert.That(policies["admin"], Does.Contain("parameter/sync2/db/*/master").And.Contain("parameter/sync2/master-secret"));
            Assert.That(policies.Values, Has.None.Contains("Put").And.None.Contains("s3:*").And.None.Contains("ssm:*"));
        }
    }

    [Test]
    public void All_NodeOnEc2_ReadsAndWritesWhatIsItsOwnAlone()
    {
        var node = Desired(TestSettings.Local with { Dbnodes = [TestSettings.Node, TestSettings.Node with { Name = "db1", Backend = "ec2" }] }).Single(role => role.Role == "dbnode");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(node.Name, Is.EqualTo("sync2-dbnode-db1"));
            Assert.That(node.Policy, Does.Contain("parameter/sync2/db/db1/master").And.Contain("bucket/dbnodes/db1/*").And.Not.Contain("db0").And.Not.Contain("secrets").And.Not.Contain("/app"));
            Assert.That(node.Policy, Does.Not.Contain("s3:Delete").And.Not.Contain("ec2:*"), "it can't remove binary logs");
            Assert.That(node.Policy, Does.Contain("""{"StringEquals":{"aws:ResourceTag/Cluster":"sync2","aws:ResourceTag/Node":"db1","aws:ResourceTag/Kind":"automatic"}}"""), "nor final snapshots");
        }
    }

    [Test]
    public void Compare_NothingThere_MakesEverything()
    {
        var parts = RolePlan.Compare(Webhead, new ObservedRole(null, null), "arn:aws:iam::111111111111:policy/boundary", Cluster);

        Assert.That(parts, Is.EqualTo(new[] { RolePart.Role, RolePart.Profile, RolePart.Policy, RolePart.Membership }));
    }

    [Test]
    public void Compare_AsWanted_IsNothing()
    {
        Assert.That(RolePlan.Compare(Webhead, RolePlan.AsWanted(Webhead, Cluster), null, Cluster), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Drifts()
    {
        var well = RolePlan.AsWanted(Webhead, Cluster);
        var (role, profile) = (well.Role!, well.Profile!);
        var ours = new Dictionary<string, string> { ["Product"] = "syncstorage", ["Cluster"] = Cluster };
        yield return Case("trust", well with { Role = role with { Trust = role.Trust!.Replace("ec2", "lambda", StringComparison.Ordinal) } }, RolePart.Trust);
        yield return Case("no policy", well with { Role = role with { Policy = null } }, RolePart.Policy);
        yield return Case("policy", well with { Role = role with { Policy = role.Policy!.Replace("config/*", "*", StringComparison.Ordinal) } }, RolePart.Policy);
        yield return Case("boundary", well with { Role = role with { Boundary = "arn:aws:iam::aws:policy/AdministratorAccess" } }, RolePart.Boundary);
        yield return Case("role's tags", well with { Role = role with { Tags = ours } }, RolePart.RoleTags);
        yield return Case("profile's tags", well with { Profile = profile with { Tags = ours } }, RolePart.ProfileTags);
        yield return Case("no role", well with { Profile = profile with { Role = null } }, RolePart.Membership);
        yield return Case("another role", well with { Profile = profile with { Role = "other" } }, RolePart.OtherRole, RolePart.Membership);

        static TestCaseData Case(string name, object observed, params object[] parts) => new TestCaseData(observed, parts).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Drifts))]
    public void Compare_Drift_IsPutBack(object observed, object[] parts)
    {
        var found = RolePlan.Compare(Webhead, (ObservedRole)observed, null, Cluster);

        Assert.That(found.Cast<object>(), Is.EqualTo(parts));
        Assert.That(RolePlan.Describe(Webhead, (ObservedRole)observed, null, Cluster), Is.Not.Empty);
    }

    [Test]
    public void Compare_AnothersRole_IsNotTouched()
    {
        var well = RolePlan.AsWanted(Webhead, Cluster);
        var theirs = well with { Role = well.Role! with { Tags = new Dictionary<string, string> { ["Cluster"] = "sync3", ["Product"] = "syncstorage" } } };

        var error = Assert.Throws<PipelineException>(() => RolePlan.Compare(Webhead, theirs, null, Cluster));

        Assert.That((error!.Code, error.Message), Is.EqualTo((ErrorCode.NotOurs, "There is a role sync2-webhead that this cluster did not make.")));
    }

    [TestCase("""{"a": ["x", "y"], "b": "z"}""", """{ "b": ["z"], "a": ["y", "x"] }""", true)]
    [TestCase("""{"Statement": {"Effect": "Allow"}}""", """{"Statement": [{"Effect": "Allow"}]}""", true)]
    [TestCase("""{"a": ["x"]}""", """{"a": ["X"]}""", false)]
    [TestCase("""{"a": "x"}""", "no JSON", false)]
    public void AreSame_Documents_AreComparedByWhatTheySay(string one, string other, bool expected)
    {
        Assert.That(PolicyJson.AreSame(one, other), Is.EqualTo(expected));
    }

    private static IReadOnlyList<DesiredRole> Desired(EnvironmentSettings settings) => DesiredRole.All(settings, TestSettings.Names, "bucket", Arns);
}
