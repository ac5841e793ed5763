using SyncStorage.LocalCloud.Control;

namespace SyncStorage.LocalCloud.Tests.Ec2;

internal sealed class InstanceTests
{
    private Ec2Harness ec2 = null!;

    [SetUp]
    public void Start() => ec2 = new Ec2Harness();

    [TearDown]
    public void Stop() => ec2.Dispose();

    [Test]
    public async Task RunInstances_New_IsPendingThenRunsAndBoots()
    {
        var id = await ec2.LaunchAsync();
        ec2.Pass(14);
        var before = await ec2.StateAsync(id);

        ec2.Pass(1);

        Assert.That(before, Is.EqualTo("pending"));
        Assert.That(await ec2.StateAsync(id), Is.EqualTo("running"));
        Assert.That(ec2.Runtime.Calls, Is.EqualTo(new[] { $"create {id}", $"boot {id}" }));
    }

    [Test]
    public async Task DescribeNetworkInterfaces_OfAnInstance_IsWhatTheInstanceShows()
    {
        var id = await ec2.LaunchAsync();
        await ec2.LaunchAsync();

        var shown = (await ec2.CallAsync("DescribeInstances", $$"""{"InstanceIds": ["{{id}}"]}"""))["Reservations"]![0]!["Instances"]![0]!["NetworkInterfaces"]![0]!;
        var found = (await ec2.CallAsync("DescribeNetworkInterfaces", $$"""{"Filters": [{"Name": "attachment.instance-id", "Values": ["{{id}}"]}]}"""))["NetworkInterfaces"]!.AsArray();
        var balancers = await ec2.CallAsync("DescribeNetworkInterfaces", """{"Filters": [{"Name": "description", "Values": ["ELB*"]}]}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Has.Count.EqualTo(1));
            foreach (var member in (string[])["NetworkInterfaceId", "MacAddress", "PrivateIpAddress", "SubnetId", "Groups", "PrivateIpAddresses"])
                Assert.That(found[0]![member]!.ToJsonString(), Is.EqualTo(shown[member]!.ToJsonString()), member);
            Assert.That(balancers["NetworkInterfaces"]!.AsArray(), Is.Empty);
            Assert.That(await ec2.ErrorAsync("DescribeNetworkInterfaces", """{"NetworkInterfaceIds": ["eni-00000000000000000"]}"""), Is.EqualTo("InvalidNetworkInterfaceID.NotFound"));
        }
    }

    [Test]
    public async Task RunInstances_EmptyProfileAndImageByParameter_AreWhatAwsTakesThemFor()
    {
        var launched = await ec2.CallAsync("RunInstances", """
            {"ImageId": "resolve:ssm:/image", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro", "IamInstanceProfile": {"Name": ""}, "SubnetId": ""}
            """);

        Assert.That((string)launched["Instances"]![0]!["ImageId"]!, Is.EqualTo(Ec2Harness.BaseImage));
        Assert.That(launched["Instances"]![0]!["IamInstanceProfile"], Is.Null);
    }

    [Test]
    public async Task RunInstances_SameTokenSameParameters_GivesTheSameInstance()
    {
        var first = await ec2.LaunchAsync(""", "ClientToken": "t1" """);

        var second = await ec2.LaunchAsync(""", "ClientToken": "t1" """);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(ec2.Runtime.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RunInstances_SameTokenOtherParameters_IsAMismatch()
    {
        await ec2.LaunchAsync(""", "ClientToken": "t1" """);

        var error = await ec2.ErrorAsync("RunInstances", $$"""{"ImageId": "{{Ec2Harness.BaseImage}}", "MinCount": 1, "MaxCount": 2, "InstanceType": "t3.micro", "ClientToken": "t1"}""");

        Assert.That(error, Is.EqualTo("IdempotentParameterMismatch"));
    }

    [TestCase(""" "ImageId": "ami-00000000000000000" """, "InvalidAMIID.NotFound")]
    [TestCase(""" "ImageId": "ami-zz" """, "InvalidAMIID.Malformed")]
    [TestCase(""" "ImageId": "resolve:ssm:/none" """, "InvalidParameterValue")]
    [TestCase(""" "ImageId": "BASE", "KeyName": "none" """, "InvalidKeyPair.NotFound")]
    [TestCase(""" "ImageId": "BASE", "InstanceType": "t4g.micro" """, "InvalidParameterValue", Description = "architectures differ")]
    [TestCase(""" "ImageId": "BASE", "SecurityGroupIds": ["sg-00000000000000000"] """, "InvalidGroup.NotFound")]
    [TestCase(""" "ImageId": "BASE", "SubnetId": "subnet-00000000000000000" """, "InvalidSubnetID.NotFound")]
    [TestCase(""" "ImageId": "BASE", "UserData": "%%%" """, "InvalidParameterValue")]
    [TestCase(""" "ImageId": "BASE", "InstanceInitiatedShutdownBehavior": "explode" """, "InvalidParameterValue")]
    [TestCase(""" "ImageId": "BASE", "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "aws:x", "Value": "1"}]}] """, "InvalidParameterValue")]
    [TestCase(""" "ImageId": "BASE", "DryRun": true """, "DryRunOperation")]
    public async Task RunInstances_NotPossible_IsRefusedAndMakesNothing(string members, string code)
    {
        var type = members.Contains("InstanceType", StringComparison.Ordinal) ? "" : """, "InstanceType": "t3.micro" """;

        var error = await ec2.ErrorAsync("RunInstances", $$"""{"MinCount": 1, "MaxCount": 1{{type}}, {{members.Replace("BASE", Ec2Harness.BaseImage, StringComparison.Ordinal)}}}""");

        Assert.That(error, Is.EqualTo(code));
        Assert.That(ec2.Runtime.Calls, Is.Empty);
    }

    [Test]
    public async Task RunInstances_MoreCpusThanTheAccountMayRun_IsRefusedAndMakesNothing()
    {
        var error = await ec2.ErrorAsync("RunInstances", $$"""{"ImageId": "{{Ec2Harness.BaseImage}}", "MinCount": 961, "MaxCount": 961, "InstanceType": "t3.micro"}""");

        Assert.That(error, Is.EqualTo("VcpuLimitExceeded"));
        Assert.That(ec2.Runtime.Calls, Is.Empty);
    }

    [Test]
    public async Task RunInstances_ZoneWithoutCapacity_Fails()
    {
        ec2.Faults.Add([new FaultRule(FaultKind.NoCapacity, Zone: "us-east-1a")]);

        var error = await ec2.ErrorAsync("RunInstances", $$"""{"ImageId": "{{Ec2Harness.BaseImage}}", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}""");

        Assert.That(error, Is.EqualTo("InsufficientInstanceCapacity"));
    }

    [Test]
    public async Task Transition_StateCantBeSaved_HappensAndIsSavedLater()
    {
        var id = await ec2.LaunchAsync();
        ec2.BreakDisk();

        ec2.Pass(16);
        var booted = ec2.Runtime.Calls.Contains($"boot {id}");
        ec2.MendDisk();
        ec2.Pass(2);

        Assert.That((booted, ec2.IsSaved), Is.EqualTo((true, true)));
        Assert.That(await ec2.StateAsync(id), Is.EqualTo("running"));
    }

    [Test]
    public async Task TerminateInstances_Running_WaitsForItsProcessesAndIsRememberedForAnHour()
    {
        var id = await ec2.LaunchAsync();
        ec2.Pass(15);
        await ec2.CallAsync("TerminateInstances", $$"""{"InstanceIds": ["{{id}}"]}""");
        ec2.Pass(60);
        var whileProcessesRun = await ec2.StateAsync(id);

        ec2.Service.ProcessesEnded(id);
        var after = await ec2.StateAsync(id);
        ec2.Pass(3601);

        Assert.That(whileProcessesRun, Is.EqualTo("shutting-down"));
        Assert.That(after, Is.EqualTo("terminated"));
        Assert.That(await ec2.ErrorAsync("DescribeInstances", $$"""{"InstanceIds": ["{{id}}"]}"""), Is.EqualTo("InvalidInstanceID.NotFound"));
        Assert.That(ec2.Runtime.Calls[^3..], Is.EqualTo(new[] { $"stop {id}", $"discard {id}", $"forget {id}" }));
    }

    [Test]
    public async Task StopInstances_Running_StopsAndStartsAgain()
    {
        var id = await ec2.LaunchAsync();
        ec2.Pass(15);
        await ec2.CallAsync("StopInstances", $$"""{"InstanceIds": ["{{id}}"]}""");
        ec2.Service.ProcessesEnded(id);
        var stopping = await ec2.StateAsync(id);
        ec2.Pass(20);
        var stopped = await ec2.StateAsync(id);

        await ec2.CallAsync("StartInstances", $$"""{"InstanceIds": ["{{id}}"]}""");
        ec2.Pass(15);

        Assert.That((stopping, stopped, await ec2.StateAsync(id)), Is.EqualTo(("stopping", "stopped", "running")));
    }

    [Test]
    public async Task StartInstances_Stopping_IsAnIncorrectState()
    {
        var id = await ec2.LaunchAsync();
        ec2.Pass(15);
        await ec2.CallAsync("StopInstances", $$"""{"InstanceIds": ["{{id}}"]}""");

        Assert.That(await ec2.ErrorAsync("StartInstances", $$"""{"InstanceIds": ["{{id}}"]}"""), Is.EqualTo("IncorrectInstanceState"));
    }

    [TestCase("stop", "stopping")]
    [TestCase("terminate", "shutting-down")]
    public async Task PoweredOff_FromWithin_FollowsTheShutdownBehavior(string behavior, string state)
    {
        var id = await ec2.LaunchAsync($$""", "InstanceInitiatedShutdownBehavior": "{{behavior}}" """);
        ec2.Pass(15);

        ec2.Service.PoweredOff(id);

        Assert.That(await ec2.StateAsync(id), Is.EqualTo(state));
        Assert.That((string)(await ec2.InstanceAsync(id))["StateReason"]!["Code"]!, Is.EqualTo("Client.InstanceInitiatedShutdown"));
    }

    [Test]
    public async Task TerminateInstances_Protected_IsRefusedForAll()
    {
        var free = await ec2.LaunchAsync();
        var kept = await ec2.LaunchAsync(""", "DisableApiTermination": true """);

        var error = await ec2.ErrorAsync("TerminateInstances", $$"""{"InstanceIds": ["{{free}}", "{{kept}}"]}""");

        Assert.That(error, Is.EqualTo("OperationNotPermitted"));
        Assert.That(await ec2.StateAsync(free), Is.EqualTo("pending"));
    }

    [Test]
    public async Task DescribeInstances_Filters_ChooseByTagStateAndPattern()
    {
        var tagged = await ec2.LaunchAsync(""", "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Cluster", "Value": "sync2"}]}] """);
        await ec2.LaunchAsync();

        var answer = await ec2.CallAsync(
            "DescribeInstances",
            """{"Filters": [{"Name": "tag:Cluster", "Values": ["other", "sync*"]}, {"Name": "instance-state-name", "Values": ["pending", "running"]}]}""");

        var found = answer["Reservations"]!.AsArray().SelectMany(reservation => reservation!["Instances"]!.AsArray()).Select(instance => (string)instance!["InstanceId"]!);
        Assert.That(found, Is.EqualTo(new[] { tagged }));
    }

    [TestCase("""{"InstanceIds": ["i-00000000000000000"]}""", "InvalidInstanceID.NotFound")]
    [TestCase("""{"InstanceIds": ["i-x"]}""", "InvalidInstanceID.Malformed")]
    [TestCase("""{"Filters": [{"Name": "colour", "Values": ["red"]}]}""", "InvalidParameterValue")]
    [TestCase("""{"NextToken": "made up"}""", "InvalidNextToken")]
    public async Task DescribeInstances_BadInput_HasAwsCode(string json, string code) =>
        Assert.That(await ec2.ErrorAsync("DescribeInstances", json), Is.EqualTo(code));

    [Test]
    public async Task DescribeInstances_Pages_GiveEachInstanceOnce()
    {
        for (var count = 0; count < 7; count++) await ec2.LaunchAsync();

        var first = await ec2.CallAsync("DescribeInstances", """{"MaxResults": 5}""");
        var second = await ec2.CallAsync("DescribeInstances", $$"""{"MaxResults": 5, "NextToken": "{{first["NextToken"]}}"}""");

        Assert.That((first["Reservations"]!.AsArray().Count, second["Reservations"]!.AsArray().Count), Is.EqualTo((5, 2)));
        Assert.That(second.ContainsKey("NextToken"), Is.False);
    }

    [Test]
    public async Task DescribeInstanceStatus_Running_BecomesOk()
    {
        var id = await ec2.LaunchAsync();
        ec2.Pass(15);
        var early = await StatusAsync(id);

        ec2.Pass(90);

        Assert.That((early, await StatusAsync(id)), Is.EqualTo(("initializing", "ok")));
    }

    private async Task<string> StatusAsync(string id)
    {
        var answer = await ec2.CallAsync("DescribeInstanceStatus", $$"""{"InstanceIds": ["{{id}}"]}""");
        return (string)answer["InstanceStatuses"]![0]!["InstanceStatus"]!["Status"]!;
    }
}
