using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Commands;

/// <summary>Commands that run inside instances.</summary>
[Category(Categories.Processes)]
[CancelAfter(60_000)]
internal sealed class CommandTests
{
    // What a test that failed half-way left behind must not stay.
    private readonly List<string> roots = [];
    private LocalCloudFixture cloud = null!;
    private AmazonEC2Client ec2 = null!;
    private AmazonSimpleSystemsManagementClient ssm = null!;

    [SetUp]
    public async Task StartCloud()
    {
        cloud = await LocalCloudFixture.StartAsync();
        await cloud.MakeProfileAsync("sync2-webhead");
        ec2 = cloud.Ec2();
        ssm = cloud.Ssm();
    }

    [TearDown]
    public async Task StopCloud()
    {
        try
        {
            ec2.Dispose();
            ssm.Dispose();
            await cloud.DisposeAsync();
        }
        finally
        {
            foreach (var root in roots) await Sweep.RunAsync(root, TimeProvider.System);
        }
    }

    [Test]
    public async Task SendCommand_Script_RunsInTheInstancesEnvironment(CancellationToken cancellationToken)
    {
        var id = await OnlineAsync(cancellationToken);

        var invocation = await RunAsync(id, "echo \"$DESTDIR\"; pwd; echo \"${USER:-nobody}\"", cancellationToken);

        var root = new MachinePaths(cloud.StateDirectory, id).Root;
        Assert.That(invocation.Status, Is.EqualTo(CommandInvocationStatus.Success));
        Assert.That(invocation.CommandPlugins[0].ResponseCode, Is.Zero);
        Assert.That(invocation.CommandPlugins[0].Output, Is.EqualTo($"{root}\n{root}\nnobody\n"));
    }

    [Test]
    public async Task SendCommand_ScriptFails_SaysHow(CancellationToken cancellationToken)
    {
        var id = await OnlineAsync(cancellationToken);

        var invocation = await RunAsync(id, "echo out; echo bad >&2; exit 3", cancellationToken);

        var result = await ssm.GetCommandInvocationAsync(new GetCommandInvocationRequest { CommandId = invocation.CommandId, InstanceId = id }, cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(invocation.Status, Is.EqualTo(CommandInvocationStatus.Failed));
            Assert.That(invocation.CommandPlugins[0].ResponseCode, Is.EqualTo(3));
            Assert.That(invocation.CommandPlugins[0].Output, Is.EqualTo("out\n\n----------ERROR-------\nbad\nfailed to run commands: exit status 3"));
            Assert.That(result.StandardOutputContent, Is.EqualTo("out\n"));
            Assert.That(result.StandardErrorContent, Does.StartWith("bad\n"));
        }
    }

    [Test]
    public async Task SendCommand_LongOutput_IsCutInTheListAndLongerInTheInvocation(CancellationToken cancellationToken)
    {
        var id = await OnlineAsync(cancellationToken);

        var invocation = await RunAsync(id, "i=0; while [ $i -lt 400 ]; do echo 0123456789; i=$((i+1)); done", cancellationToken);

        var result = await ssm.GetCommandInvocationAsync(new GetCommandInvocationRequest { CommandId = invocation.CommandId, InstanceId = id }, cancellationToken);
        Assert.That(invocation.CommandPlugins[0].Output, Has.Length.EqualTo(2500).And.EndsWith("--output truncated--"));
        Assert.That(result.StandardOutputContent, Has.Length.EqualTo(4400));
    }

    [Test]
    public async Task SendCommand_RunsTooLong_TimesOutAndEnds(CancellationToken cancellationToken)
    {
        var id = await OnlineAsync(cancellationToken);

        var invocation = await RunAsync(id, "sleep 1000", cancellationToken, seconds: "1");

        Assert.That(invocation.Status, Is.EqualTo(CommandInvocationStatus.TimedOut));
        Assert.That(Proc.WithEnvironment("DESTDIR", new MachinePaths(cloud.StateDirectory, id).Root), Is.Empty);
    }

    [Test]
    public async Task CancelCommand_Running_EndsIt(CancellationToken cancellationToken)
    {
        var id = await OnlineAsync(cancellationToken);
        var sent = await SendAsync(id, "sleep 1000", "3600", cancellationToken);

        await ssm.CancelCommandAsync(new CancelCommandRequest { CommandId = sent }, cancellationToken);

        var invocation = await EndAsync(sent, cancellationToken);
        Assert.That(invocation.Status, Is.EqualTo(CommandInvocationStatus.Cancelled));
    }

    [Test]
    public async Task Restart_KeepingProcesses_StillReportsTheResult(CancellationToken cancellationToken)
    {
        var id = await OnlineAsync(cancellationToken);
        var sent = await SendAsync(id, "while [ ! -e \"$DESTDIR/tmp/go\" ]; do sleep 0.02; done; exit 5", "3600", cancellationToken);
        while ((await ListAsync(sent, cancellationToken)).Status != CommandInvocationStatus.InProgress) await Pause(cancellationToken);

        await cloud.RestartAsync(keepProcesses: true);
        // Taken over, or booted again: the agent is there after either.
        await OnlineAgainAsync(id, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(new MachinePaths(cloud.StateDirectory, id).Root, "tmp/go"), "", cancellationToken);

        var invocation = await EndAsync(sent, cancellationToken);
        Assert.That(invocation.CommandPlugins[0].ResponseCode, Is.EqualTo(5));
    }

    [Test]
    public void SendCommand_UnknownInstance_IsRefused()
    {
        Assert.That(
            async () => await SendAsync("i-00000000000000000", "true", "60", CancellationToken.None),
            Throws.TypeOf<InvalidInstanceIdException>());
    }

    [Test]
    public async Task SendCommand_NoInstanceProfile_IsRefused(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(profile: null, cancellationToken);

        Assert.That(async () => await SendAsync(id, "true", "60", CancellationToken.None), Throws.TypeOf<InvalidInstanceIdException>());
    }

    [Test]
    public void SendCommand_UnknownDocument_IsRefused()
    {
        var request = new SendCommandRequest { DocumentName = "Made-Up", InstanceIds = ["i-00000000000000000"] };

        Assert.That(async () => await ssm.SendCommandAsync(request), Throws.TypeOf<InvalidDocumentException>());
    }

    [Test]
    public void GetCommandInvocation_Unknown_DoesNotExist()
    {
        var request = new GetCommandInvocationRequest { CommandId = Guid.NewGuid().ToString(), InstanceId = "i-00000000000000000" };

        Assert.That(async () => await ssm.GetCommandInvocationAsync(request), Throws.TypeOf<InvocationDoesNotExistException>());
    }

    [Test]
    public async Task SendCommand_TargetsByTag_ReachThoseInstances(CancellationToken cancellationToken)
    {
        var id = await OnlineAsync(cancellationToken);
        var request = new SendCommandRequest
        {
            DocumentName = "AWS-RunShellScript",
            Targets = [new Target { Key = "tag:Role", Values = ["webhead"] }],
            Parameters = new Dictionary<string, List<string>> { ["commands"] = ["true"] },
        };

        var sent = await ssm.SendCommandAsync(request, cancellationToken);

        Assert.That((await EndAsync(sent.Command.CommandId, cancellationToken)).InstanceId, Is.EqualTo(id));
    }

    private async Task<string> LaunchAsync(string? profile, CancellationToken cancellationToken)
    {
        var response = await ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = cloud.Services.GetRequiredService<IBaseImages>().ImageId("x86_64"),
                MinCount = 1,
                MaxCount = 1,
                InstanceType = "t3.micro",
                IamInstanceProfile = profile is null ? null : new IamInstanceProfileSpecification { Name = profile },
                TagSpecifications =
                [
                    new Amazon.EC2.Model.TagSpecification { ResourceType = "instance", Tags = [new Amazon.EC2.Model.Tag { Key = "Role", Value = "webhead" }] },
                ],
            },
            cancellationToken);
        var id = response.Reservation.Instances[0].InstanceId;
        roots.Add(new MachinePaths(cloud.StateDirectory, id).Root);
        return id;
    }

    private async Task<string> OnlineAsync(CancellationToken cancellationToken)
    {
        var id = await LaunchAsync("sync2-webhead", cancellationToken);
        await OnlineAgainAsync(id, cancellationToken);
        return id;
    }

    private async Task OnlineAgainAsync(string id, CancellationToken cancellationToken)
    {
        var request = new DescribeInstanceInformationRequest { Filters = [new InstanceInformationStringFilter { Key = "InstanceIds", Values = [id] }] };
        while ((await ssm.DescribeInstanceInformationAsync(request, cancellationToken)).InstanceInformationList is not [{ PingStatus.Value: "Online" }])
            await Pause(cancellationToken);
    }

    private async Task<CommandInvocation> RunAsync(string id, string script, CancellationToken cancellationToken, string seconds = "3600") =>
        await EndAsync(await SendAsync(id, script, seconds, cancellationToken), cancellationToken);

    private async Task<string> SendAsync(string id, string script, string seconds, CancellationToken cancellationToken)
    {
        var response = await ssm.SendCommandAsync(
            new SendCommandRequest
            {
                DocumentName = "AWS-RunShellScript",
                InstanceIds = [id],
                Parameters = new Dictionary<string, List<string>> { ["commands"] = [script], ["executionTimeout"] = [seconds] },
            },
            cancellationToken);
        return response.Command.CommandId;
    }

    private async Task<CommandInvocation> EndAsync(string commandId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var invocation = await ListAsync(commandId, cancellationToken);
            if (invocation.Status.Value is not ("Pending" or "InProgress" or "Cancelling")) return invocation;
            await Pause(cancellationToken);
        }
    }

    private async Task<CommandInvocation> ListAsync(string commandId, CancellationToken cancellationToken)
    {
        var response = await ssm.ListCommandInvocationsAsync(new ListCommandInvocationsRequest { CommandId = commandId, Details = true }, cancellationToken);
        return response.CommandInvocations[0];
    }

    private static Task Pause(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
}
