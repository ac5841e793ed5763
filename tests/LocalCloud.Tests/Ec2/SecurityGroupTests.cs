using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Tests.Ec2;

internal sealed class SecurityGroupTests
{
    private const string Web = """[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "192.168.0.0/16"}]}]""";

    private Ec2Harness ec2 = null!;

    [SetUp]
    public void Start() => ec2 = new Ec2Harness();

    [TearDown]
    public void Stop() => ec2.Dispose();

    [Test]
    public async Task CreateSecurityGroup_New_LetsEverythingOutAndNothingIn()
    {
        var group = await DescribeAsync(await ec2.GroupAsync("web"));

        Assert.That(group["IpPermissions"]!.AsArray(), Is.Empty);
        Assert.That((string)group["IpPermissionsEgress"]![0]!["IpRanges"]![0]!["CidrIp"]!, Is.EqualTo("0.0.0.0/0"));
    }

    [Test]
    public async Task CreateSecurityGroup_NameTaken_IsADuplicate()
    {
        await ec2.GroupAsync("web");

        Assert.That(await ec2.ErrorAsync("CreateSecurityGroup", """{"GroupName": "web", "Description": "x"}"""), Is.EqualTo("InvalidGroup.Duplicate"));
    }

    [Test]
    public async Task Authorize_OneDuplicate_FailsTheWholeCall()
    {
        var id = await ec2.GroupAsync("web");
        await ec2.CallAsync("AuthorizeSecurityGroupIngress", $$"""{"GroupId": "{{id}}", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.1.2.3/8"}""");

        var error = await ec2.ErrorAsync("AuthorizeSecurityGroupIngress", $$"""{"GroupId": "{{id}}", "IpPermissions": {{Web}}}""");

        Assert.That(error, Is.EqualTo("InvalidPermission.Duplicate"));
        Assert.That((await DescribeAsync(id))["IpPermissions"]![0]!["IpRanges"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Revoke_Existing_RemovesOnlyThatPeer()
    {
        var id = await ec2.GroupAsync("web");
        await ec2.CallAsync("AuthorizeSecurityGroupIngress", $$"""{"GroupId": "{{id}}", "IpPermissions": {{Web}}}""");

        await ec2.CallAsync("RevokeSecurityGroupIngress", $$"""{"GroupId": "{{id}}", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}""");

        Assert.That((string)(await DescribeAsync(id))["IpPermissions"]![0]!["IpRanges"]![0]!["CidrIp"]!, Is.EqualTo("192.168.0.0/16"));
    }

    [Test]
    public async Task UpdateDescriptions_ByWhatARuleAdmits_ChangesItAlone()
    {
        var id = await ec2.GroupAsync("web");
        await ec2.CallAsync("AuthorizeSecurityGroupIngress", $$"""{"GroupId": "{{id}}", "IpPermissions": {{Web}}}""");

        await ec2.CallAsync("UpdateSecurityGroupRuleDescriptionsIngress",
            $$"""{"GroupId": "{{id}}", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}]}]}""");

        Assert.That((await DescribeAsync(id))["IpPermissions"]![0]!["IpRanges"]!.ToJsonString(),
            Is.EqualTo("""[{"CidrIp":"10.0.0.0/8","Description":"inside"},{"CidrIp":"192.168.0.0/16"}]"""));
    }

    [TestCase("UpdateSecurityGroupRuleDescriptionsIngress", """ "SecurityGroupRuleDescriptions": [{"SecurityGroupRuleId": "sgr-00000000000000000", "Description": "x"}] """, "InvalidSecurityGroupRuleId.NotFound")]
    [TestCase("UpdateSecurityGroupRuleDescriptionsEgress", """ "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 81, "ToPort": 81, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}] """, "InvalidPermission.NotFound")]
    [TestCase("RevokeSecurityGroupIngress", """ "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 81, "ToPort": 81, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}] """, "InvalidPermission.NotFound")]
    [TestCase("RevokeSecurityGroupIngress", """ "SecurityGroupRuleIds": ["sgr-00000000000000000"] """, "InvalidSecurityGroupRuleId.NotFound")]
    [TestCase("AuthorizeSecurityGroupIngress", """ "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 81, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}] """, "InvalidParameterValue")]
    [TestCase("AuthorizeSecurityGroupIngress", """ "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0/8"}]}] """, "InvalidParameterValue")]
    [TestCase("AuthorizeSecurityGroupIngress", """ "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": "sg-00000000000000000"}]}] """, "InvalidGroup.NotFound")]
    [TestCase("AuthorizeSecurityGroupIngress", """ "IpPermissions": [] """, "MissingParameter")]
    public async Task Rules_BadInput_HasAwsCode(string operation, string members, string code)
    {
        var id = await ec2.GroupAsync("web");

        Assert.That(await ec2.ErrorAsync(operation, $$"""{"GroupId": "{{id}}", {{members}}}"""), Is.EqualTo(code));
    }

    [Test]
    public async Task Delete_ReferredToByAnotherGroup_IsADependency()
    {
        var (loadBalancer, web) = (await ec2.GroupAsync("lb"), await ec2.GroupAsync("web"));
        await ec2.CallAsync("AuthorizeSecurityGroupIngress", $$"""{"GroupId": "{{web}}", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": "{{loadBalancer}}"}]}]}""");
        var before = await ec2.ErrorAsync("DeleteSecurityGroup", $$"""{"GroupId": "{{loadBalancer}}"}""");

        await ec2.CallAsync("DeleteSecurityGroup", $$"""{"GroupId": "{{web}}"}""");

        Assert.That(before, Is.EqualTo("DependencyViolation"));
        Assert.That(await ec2.ErrorAsync("DeleteSecurityGroup", $$"""{"GroupId": "{{loadBalancer}}"}"""), Is.Null);
    }

    [Test]
    public async Task Delete_UsedByAnInstanceOrAnotherService_IsADependency()
    {
        var (used, lent) = (await ec2.GroupAsync("web"), await ec2.GroupAsync("db"));
        await ec2.LaunchAsync($$""", "SecurityGroupIds": ["{{used}}"] """);
        ec2.Service.RegisterUser(id => id == lent);

        Assert.That(await ec2.ErrorAsync("DeleteSecurityGroup", $$"""{"GroupId": "{{used}}"}"""), Is.EqualTo("DependencyViolation"));
        Assert.That(await ec2.ErrorAsync("DeleteSecurityGroup", $$"""{"GroupId": "{{lent}}"}"""), Is.EqualTo("DependencyViolation"));
    }

    [Test]
    public async Task CreateTags_ThenFilter_FindsTheGroup()
    {
        var id = await ec2.GroupAsync("web");
        await ec2.CallAsync("CreateTags", $$"""{"Resources": ["{{id}}"], "Tags": [{"Key": "Role", "Value": "webhead"}]}""");

        var answer = await ec2.CallAsync("DescribeSecurityGroups", """{"Filters": [{"Name": "tag:Role", "Values": ["webhead"]}, {"Name": "vpc-id", "Values": ["vpc-*"]}]}""");

        Assert.That(answer["SecurityGroups"]!.AsArray().Select(group => (string)group!["GroupId"]!), Is.EqualTo(new[] { id }));
    }

    [Test]
    public async Task DeleteTags_OtherValue_LeavesTheTag()
    {
        var id = await ec2.GroupAsync("web");
        await ec2.CallAsync("CreateTags", $$"""{"Resources": ["{{id}}"], "Tags": [{"Key": "A", "Value": "1"}, {"Key": "B", "Value": "2"}]}""");

        await ec2.CallAsync("DeleteTags", $$"""{"Resources": ["{{id}}"], "Tags": [{"Key": "A", "Value": "x"}, {"Key": "B"}]}""");

        var answer = await ec2.CallAsync("DescribeTags", $$"""{"Filters": [{"Name": "resource-id", "Values": ["{{id}}"]}]}""");
        Assert.That(answer["Tags"]!.AsArray().Select(tag => (string)tag!["Key"]!), Is.EqualTo(new[] { "A" }));
    }

    private async Task<JsonNode> DescribeAsync(string id) =>
        (await ec2.CallAsync("DescribeSecurityGroups", $$"""{"GroupIds": ["{{id}}"]}"""))["SecurityGroups"]![0]!;
}
