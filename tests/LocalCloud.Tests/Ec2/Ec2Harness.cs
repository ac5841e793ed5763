using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Control;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services.Ec2;
using SyncStorage.LocalCloud.Services.Ec2.Faults;
using SyncStorage.LocalCloud.Services.Ec2.Images;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.State;
using SyncStorage.LocalCloud.Tests.Elb;

namespace SyncStorage.LocalCloud.Tests.Ec2;

/// <summary>EC2 at AWS's pace on a clock of the test's, with machines that only remember what they were told.</summary>
internal sealed class Ec2Harness : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("ec2-tests-").FullName;

    public Ec2Harness()
    {
        Context = new CloudContext(directory, "us-east-1", "000000000000", new Uri("http://127.0.0.1:1"), new TimeScale(1), Time);
        Service = new Ec2Service(Context, Runtime, new CountingAddresses(), new AnyProfile(), new InstanceFaults(Faults), new OneParameter(), NullLogger<Ec2Service>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public FakeRuntime Runtime { get; } = new();

    public FaultInjector Faults { get; } = new();

    public CloudContext Context { get; }

    public Ec2Service Service { get; }

    public static string BaseImage => new BaseImages().ImageId("x86_64");

    public Task<JsonObject> CallAsync(string operation, string json) => Service.CallAsync(operation, json);

    public Task<string?> ErrorAsync(string operation, string json) => Service.ErrorOfAsync(operation, json);

    /// <summary>From now on nothing can be saved.</summary>
    public void BreakDisk()
    {
        Directory.Delete(Path.Combine(directory, "state"), recursive: true);
        File.WriteAllText(Path.Combine(directory, "state"), "no directory");
    }

    public void MendDisk() => File.Delete(Path.Combine(directory, "state"));

    public bool IsSaved => File.Exists(Path.Combine(directory, "state", "ec2.json"));

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Launches one instance and gives its id.</summary>
    public async Task<string> LaunchAsync(string more = "")
    {
        var answer = await CallAsync("RunInstances", $$"""{"ImageId": "{{BaseImage}}", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"{{more}}}""");
        return (string)answer["Instances"]![0]!["InstanceId"]!;
    }

    public async Task<JsonNode> InstanceAsync(string id)
    {
        var answer = await CallAsync("DescribeInstances", $$"""{"InstanceIds": ["{{id}}"]}""");
        return answer["Reservations"]![0]!["Instances"]![0]!;
    }

    public async Task<string> StateAsync(string id) => (string)(await InstanceAsync(id))["State"]!["Name"]!;

    /// <summary>Makes a group and gives its id.</summary>
    public async Task<string> GroupAsync(string name)
    {
        var answer = await CallAsync("CreateSecurityGroup", $$"""{"GroupName": "{{name}}", "Description": "for tests"}""");
        return (string)answer["GroupId"]!;
    }

    public void Dispose()
    {
        Service.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Every profile that is asked for is there, with a role of its name.</summary>
    private sealed class AnyProfile : IInstanceProfiles
    {
        public ProfileFacts? Find(string name) => new(
            name, $"arn:aws:iam::000000000000:instance-profile/{name}", "AIPAAAAAAAAAAAAAAAAAA", name, $"arn:aws:iam::000000000000:role/{name}", IsKnownToEc2: true);

        public PolicySet? PoliciesOf(string profile) => null;
    }

    /// <summary>Systems Manager knows <c>/image</c>, the base image.</summary>
    private sealed class OneParameter : IImageParameters
    {
        public string? ValueOf(string name) => name == "/image" ? BaseImage : null;
    }

    private sealed class CountingAddresses : IAddressPool
    {
        private byte next = 10;

        public IPAddress Lease(string owner, params ReadOnlySpan<int> ports) => new([127, 99, 0, next++]);

        public void Release(string owner)
        {
        }
    }
}

/// <summary>Machines that do nothing. Their processes end when the test says so.</summary>
internal sealed class FakeRuntime : IInstanceRuntime
{
    public List<string> Calls { get; } = [];

    public void CreateRoot(string instanceId, string imageId) => Calls.Add($"create {instanceId}");

    public void Boot(InstanceRecord instance) => Calls.Add($"boot {instance.Id}");

    public void Resume(InstanceRecord instance) => Calls.Add($"resume {instance.Id}");

    public void Stop(string instanceId) => Calls.Add($"stop {instanceId}");

    public void Reboot(InstanceRecord instance) => Calls.Add($"reboot {instance.Id}");

    public void Discard(string instanceId) => Calls.Add($"discard {instanceId}");

    public void Forget(string instanceId) => Calls.Add($"forget {instanceId}");

    public string ConsoleOutput(string instanceId) => $"console of {instanceId}";

    public void CaptureImage(string instanceId, string imageId) => Calls.Add($"capture {instanceId}");

    public void DeleteImage(string imageId) => Calls.Add($"delete {imageId}");
}
