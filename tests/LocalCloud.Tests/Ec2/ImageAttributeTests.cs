using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Tests.Ec2;

internal sealed class ImageAttributeTests
{
    private Ec2Harness ec2 = null!;
    private string image = "";

    [SetUp]
    public async Task Start()
    {
        ec2 = new Ec2Harness();
        var instance = await ec2.LaunchAsync();
        ec2.Pass(15);
        image = (string)(await ec2.CallAsync("CreateImage", $$"""{"InstanceId": "{{instance}}", "Name": "app", "Description": "first"}"""))["ImageId"]!;
    }

    [TearDown]
    public void Stop() => ec2.Dispose();

    // Both of the forms that the model has.
    [TestCase(""" "Description": {"Value": "second"} """)]
    [TestCase(""" "Attribute": "description", "Value": "second" """)]
    public async Task ModifyImageAttribute_Description_IsShown(string change)
    {
        await ModifyAsync(change);

        var described = await ec2.CallAsync("DescribeImageAttribute", $$"""{"ImageId": "{{image}}", "Attribute": "description"}""");
        Assert.That((string)described["Description"]!["Value"]!, Is.EqualTo("second"));
        Assert.That((string)(await ImageAsync())["Description"]!, Is.EqualTo("second"));
    }

    [Test]
    public async Task ModifyImageAttribute_LaunchPermissions_AreAddedAndRemoved()
    {
        await ModifyAsync(""" "LaunchPermission": {"Add": [{"UserId": "123456789012"}, {"Group": "all"}]} """);
        var isPublic = (bool)(await ImageAsync())["Public"]!;
        await ModifyAsync(""" "Attribute": "launchPermission", "OperationType": "remove", "UserGroups": ["all"] """);

        var left = await ec2.CallAsync("DescribeImageAttribute", $$"""{"ImageId": "{{image}}", "Attribute": "launchPermission"}""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(left["LaunchPermissions"]!.ToJsonString(), Is.EqualTo("""[{"UserId":"123456789012"}]"""));
            Assert.That((isPublic, (bool)(await ImageAsync())["Public"]!), Is.EqualTo((true, false)));
        }
    }

    [TestCase("ModifyImageAttribute", """ "LaunchPermission": {"Add": [{"UserId": "somebody"}]} """, "InvalidAMIAttributeItemValue")]
    [TestCase("ModifyImageAttribute", """ "LaunchPermission": {"Add": [{"Group": "some"}]} """, "InvalidAMIAttributeItemValue")]
    [TestCase("ModifyImageAttribute", """ "Attribute": "color", "Value": "red" """, "InvalidParameterValue")]
    [TestCase("ModifyImageAttribute", """ "DryRun": false """, "InvalidParameterCombination")]
    [TestCase("DescribeImageAttribute", """ "Attribute": "blockDeviceMapping" """, "AuthFailure")]
    public async Task ImageAttribute_Nonsense_IsRefused(string operation, string change, string code) =>
        Assert.That(await ec2.ErrorAsync(operation, $$"""{"ImageId": "{{image}}", {{change}}}"""), Is.EqualTo(code));

    [Test]
    public async Task ModifyImageAttribute_OfAmazonsImage_IsRefused() =>
        Assert.That(await ec2.ErrorAsync("ModifyImageAttribute", $$"""{"ImageId": "{{Ec2Harness.BaseImage}}", "Description": {"Value": "mine"} }"""), Is.EqualTo("AuthFailure"));

    private Task ModifyAsync(string change) => ec2.CallAsync("ModifyImageAttribute", $$"""{"ImageId": "{{image}}", {{change}}}""");

    private async Task<JsonObject> ImageAsync() => (await ec2.CallAsync("DescribeImages", $$"""{"ImageIds": ["{{image}}"]}"""))["Images"]![0]!.AsObject();
}
