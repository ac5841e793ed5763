using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Rollout;

/// <summary>A rollout in memory, put together as the program does it: only AWS, the clock and the console are others.</summary>
internal sealed class RolloutWorld : IDisposable
{
    private static readonly string Configuration = System.Text.Json.JsonSerializer.Serialize(
        new ConfigDocument { Version = 1, Cluster = "sync2", Region = "eu-west-1", Nodes = [], Cache = new ConfigEndpoint("127.0.0.1", 11211) }, ConfigDocument.Json);

    private readonly MemoryBucket bucket;

    public RolloutWorld(EnvironmentSettings settings, FakeFleetCloud? cloud = null, ServiceRole? role = null, JoiningGate? gate = null, bool isPublished = true)
    {
        var names = new ClusterNames("sync2", role);
        Cloud = cloud ?? new FakeFleetCloud();
        bucket = new MemoryBucket(Time);
        if (isPublished) Publish();
        var options = new RunOptions { RepositoryRoot = "/" };
        var observation = new Observation(Cloud, settings, names);
        var waiter = new Waiter(Time, Progress);
        var fleet = new Fleet(Cloud, names, observation);
        var launcher = Launcher = new InstanceLauncher(Cloud, settings, names, observation, options, waiter, Time);
        var remote = new RemoteCommands(Cloud, settings, waiter);
        var alarms = new AlarmWatch(Cloud, settings, TestSettings.Names, Progress);
        var waits = new FleetWaits(settings, fleet, alarms, waiter, Time);
        var spec = new FleetSpec(
            settings, names, observation, new ImageCatalog(Cloud, settings, observation, options, waiter), bucket.Bucket, bucket.Connection);
        Report = new RunReport(new CallRecorder(), Time);
        Journal = new DeploymentJournal(bucket.Objects, options, Time, Progress);
        var launch = new FleetLaunch(observation, launcher, Journal, Progress);
        var admission = new Admission(
            new ConfigStore(bucket.Bucket), launcher, new HeartbeatGate(settings, names, remote, launcher, waiter, Time, Progress), gate ?? new DomainGate(fleet, remote, Progress), fleet, waits);
        Undo = new RolloutUndo(settings, names, observation, fleet, waits, launch, admission, launcher, Report, Time, Progress);
        Completion = new RolloutCompletion(fleet, launcher, Undo, Journal, Progress);
        Runner = new RolloutRunner(settings, observation, spec, launch, launcher, fleet, admission, waits, alarms, Undo, Journal, Progress);
        Ahead = new FleetAhead(fleet, new ConfigStore(bucket.Bucket), Runner, launch, launcher, Journal, Progress);
    }

    public FakeFleetCloud Cloud { get; }

    public RecordingProgress Progress { get; } = new();

    public BudgetedTime Time { get; } = new();

    public RunReport Report { get; }

    public DeploymentJournal Journal { get; }

    public InstanceLauncher Launcher { get; }

    public RolloutUndo Undo { get; }

    public RolloutCompletion Completion { get; }

    public RolloutRunner Runner { get; }

    public FleetAhead Ahead { get; }

    /// <summary>Publishes a configuration, the first.</summary>
    public void Publish()
    {
        bucket.Put("config/1.json", Configuration);
        bucket.Put("config/current.json", """{"version": 1, "key": "config/1.json"}""");
    }

    /// <summary>The target whose instances have this release and launch spec.</summary>
    public static FleetTarget Target(string release, ServiceRole? role = null) => new(release, release, new LaunchRequest(
        "", (role ?? ServiceRole.Webhead).Tag, $"ami-{release}", "t3.small", "sg-1", "sync2-webhead", "#!/bin/sh",
        new Dictionary<string, string> { ["Release"] = release, ["ImageKey"] = release, ["LaunchSpec"] = release }));

    /// <summary>Rolls a release out as Deploy does.</summary>
    public async Task<bool> RollAsync(string release, CancellationToken cancellationToken, ServiceRole? role = null)
    {
        var target = Target(release, role);
        await Journal.BeginAsync(DeploymentKind.Deploy, "Rolling-Deploy", cancellationToken);
        var goal = await Runner.GoalAsync(target, cancellationToken);
        return await Runner.RunAsync(target, webheads => RolloutPlanner.Plan(webheads, goal), cancellationToken);
    }

    public void Dispose() => bucket.Dispose();
}
