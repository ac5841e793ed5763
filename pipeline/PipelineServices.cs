using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Cache;
using SyncStorage.Pipeline.Capacity;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Hooks;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Preflight;
using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.TokenServers;
using SyncStorage.Pipeline.Verification;

namespace SyncStorage.Pipeline;

/// <summary>Puts the pipeline together.</summary>
public static class PipelineServices
{
    /// <summary>
    /// Registers the pipeline. Nothing is loaded, connected or started until a service is asked for; tasks ask with
    /// <see cref="Lazy{T}"/>, so that constructing them touches nothing. The caller registers <see cref="TimeProvider"/>,
    /// <see cref="IAnsiConsole"/> and <see cref="IContainerImages"/>.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="options">What the run was asked for.</param>
    /// <param name="loadEnvironment">Loads and checks the settings, see <see cref="SettingsLoader"/>.</param>
    /// <param name="localCloudFolder">The folder of the built <c>LocalCloud.dll</c>.</param>
    public static IServiceCollection AddPipeline(
        this IServiceCollection services, RunOptions options, Func<LoadedEnvironment> loadEnvironment, string localCloudFolder)
    {
        services
            .AddSingleton(options)
            .AddSingleton(new CurrentEnvironment(loadEnvironment))
            .AddSingleton(provider => provider.GetRequiredService<CurrentEnvironment>().Settings)
            .AddSingleton(provider => new ClusterNames(provider.GetRequiredService<EnvironmentSettings>().Cluster))
            .AddTransient(typeof(Lazy<>), typeof(Later<>))
            .AddSingleton<IProcessRunner, ProcessRunner>()
            .AddSingleton(new LocalCloudProgram(localCloudFolder))
            .AddSingleton<IMachine, Machine>()
            .AddSingleton<Prerequisites>()
            .AddSingleton<DetachedLauncher>()
            .AddSingleton<LocalCloudRunner>()
            .AddSingleton<ILocalCloud>(provider => provider.GetRequiredService<LocalCloudRunner>())
            .AddSingleton<CallRecorder>()
            .AddSingleton<AwsConnection>()
            .AddSingleton<IClients>(MakeClients)
            .AddSingleton<AccountGuard>()
            .AddSingleton(provider => new Waiter(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IProgress>()));
        services
            .AddSingleton(provider => new GitHubConsole(GitHubLog.OfThisJob(provider.GetRequiredService<IAnsiConsole>().Profile.Out.Writer)))
            .AddSingleton<RunReport>()
            .AddSingleton(provider => new ConsoleProgress(
                provider.GetRequiredService<IAnsiConsole>(), provider.GetRequiredService<RunReport>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<GitHubConsole>().Log))
            .AddSingleton<IProgress>(provider => provider.GetRequiredService<ConsoleProgress>())
            .AddSingleton(provider => new ReportWriter(
                provider.GetRequiredService<RunReport>(), options, provider.GetRequiredService<GitHubConsole>().Log));
        return services.AddStages();
    }

    private static Clients MakeClients(IServiceProvider provider)
    {
        var recorder = provider.GetRequiredService<CallRecorder>();

        // The lock is made of calls, too: it is asked for when the first guarded call is made.
        recorder.Guard = (kind, operation, token) => provider.GetRequiredService<DeploymentLock>().RequireAsync(kind, operation, token);
        return new Clients(provider.GetRequiredService<AwsConnection>(), recorder)
        {
            AttemptTimeout = TimeSpan.FromSeconds(provider.GetRequiredService<EnvironmentSettings>().Deployment.AttemptSeconds),
        };
    }

    private static IServiceCollection AddStages(this IServiceCollection services) => services
        .AddFleet()
        .AddSingleton<ServiceBuild>(provider => provider.GetRequiredService<WebheadBuild>())
        .AddSingleton<PublishedConfiguration>(provider => provider.GetRequiredService<ConfigStore>())
        .AddSingleton<JoiningGate, DomainGate>()
        .AddSingleton<INameResolver, ConfiguredResolver>()
        .AddSingleton<TokenServerParts>()
        .AddSingleton<TokenServerFleet>()
        .AddSingleton<TokenServerStage>()
        .AddSingleton<TokenServerReleasePlan>()
        .AddSingleton<TokenServerDatabase>()
        .AddSingleton<UserNumbers>()
        .AddSingleton<TokenServerConfiguration>()
        .AddSingleton<TokenServerNodes>()
        .AddSingleton<TokenServerSmokeTest>()
        .AddSingleton<RebalanceStage>()
        .AddSingleton<TokenConfigStore>()
        .AddSingleton<NodeAccess>()
        .AddSingleton<Observation>()
        .AddSingleton<Cleanup>()
        .AddSingleton<InstanceLauncher>()
        .AddSingleton<RemoteCommands>()
        .AddSingleton<ClusterBucket>()
        .AddSingleton<ILockStore, BucketLockStore>()
        .AddSingleton<DeploymentLock>()
        .AddSingleton<UnlockStage>()
        .AddSingleton<RunOrigin>()
        .AddSingleton<StateObjects>()
        .AddSingleton<DeploymentJournal>()
        .AddSingleton<DeploymentHistory>()
        .AddSingleton<HistoryTarget>()
        .AddSingleton<RunEnd>()
        .AddSingleton<HookCommand>()
        .AddSingleton<Webhook>()
        .AddSingleton<StageHooks>()
        .AddSingleton<SecretStore>()
        .AddSingleton<ConfigStore>()
        .AddSingleton<RotationStore>()
        .AddSingleton<MasterPasswords>()
        .AddSingleton<ApplicationAccounts>()
        .AddSingleton<DatabasePasswordStage>()
        .AddSingleton<MasterSecretStage>()
        .AddSingleton<TokenServerPassword>()
        .AddSingleton<CertificateStage>()
        .AddSingleton<CredentialsStage>()
        .AddSingleton<DatabaseNodes>()
        .AddSingleton<DatabaseInitialization>()
        .AddSingleton<DatabaseServers>()
        .AddSingleton<DatabaseNodeBuild>()
        .AddSingleton<DatabaseBootTest>()
        .AddSingleton<DatabaseImage>()
        .AddSingleton<NodeInstances>()
        .AddSingleton<DatabaseInstanceStage>()
        .AddSingleton<NodeAddresses>()
        .AddSingleton<NodeRemoval>()
        .AddSingleton<RestoredNode>()
        .AddSingleton<RestoreStage>()
        .AddSingleton<CacheGroups>()
        .AddSingleton<CacheCluster>()
        .AddSingleton<WebheadBuild>()
        .AddSingleton<TokenServerBuild>()
        .AddSingleton<WebheadImage>()
        .AddSingleton<BucketStage>()
        .AddSingleton<RoleStage>()
        .AddSingleton<DeployerPolicyFile>()
        .AddSingleton<SecurityGroupStage>()
        .AddSingleton<DeploymentEstimate>()
        .AddSingleton<IPreflightCheck, CredentialsCheck>()
        .AddSingleton<IPreflightCheck, NetworkCheck>()
        .AddSingleton<IPreflightCheck, NamesCheck>()
        .AddSingleton<IPreflightCheck, PermissionsCheck>()
        .AddSingleton<IPreflightCheck, OfferingsCheck>()
        .AddSingleton<IPreflightCheck, ImageCheck>()
        .AddSingleton<IPreflightCheck, QuotasCheck>()
        .AddSingleton<IPreflightCheck, Ec2QuotasCheck>()
        .AddSingleton<IPreflightCheck, DnsCheck>()
        .AddSingleton<PreflightChecks>()
        .AddSingleton<PreflightStage>()
        .AddSingleton<DataStoreRequestStage>()
        .AddSingleton<DnsRemoval>()
        .AddSingleton<NodeUsageReader>()
        .AddSingleton<CapacityHistory>()
        .AddSingleton<CapacityStage>()
        .AddSingleton<NodeDepartures>()
        .AddSingleton<NodeRemovalStage>()
        .AddSingleton<DatabaseStage>()
        .AddSingleton<CacheStage>()
        .AddSingleton<CertificateFigure>()
        .AddSingleton<MonitoringStage>()
        .AddSingleton<LogsTarget>()
        .AddSingleton<ConfigStage>()
        .AddSingleton<NodeExport>()
        .AddSingleton<RollbackStage>()
        .AddSingleton<ConfigurationRestore>()
        .AddSingleton<HealStage>()
        .AddSingleton<ClusterEnd>()
        .AddSingleton<SmokeTestStage>()
        .AddSingleton<ClusterStatus>()
        .AddSingleton<DeploymentEnd>()
        .AddSingleton<DeploymentPlan>()
        .AddSingleton<ObservedWorld>()
        .AddSingleton<SavedPlans>()
        .AddSingleton<PlanStage>()
        .AddSingleton<StatusStage>()
        .AddSingleton<RemovalWaits>()
        .AddSingleton<DatabaseRemoval>()
        .AddSingleton<FleetRemoval>()
        .AddSingleton<DataStoreRemoval>()
        .AddSingleton<NetworkRemoval>()
        .AddSingleton<RoleRemoval>()
        .AddSingleton<MonitoringRemoval>()
        .AddSingleton<StateRemoval>()
        .AddSingleton<DestroyStage>()
        .AddSingleton<Leftovers>()
        .AddSingleton<SweepStage>();

    // What a role's fleet is made of: once for each role.
    private static IServiceCollection AddFleet(this IServiceCollection services) => services
        .AddSingleton<AdminInstance>()
        .AddSingleton<ImageCatalog>()
        .AddSingleton<ImageBuilder>()
        .AddSingleton<BootTest>()
        .AddSingleton<Fleet>()
        .AddSingleton<ServingImage>()
        .AddSingleton<FleetSpec>()
        .AddSingleton<FleetWaits>()
        .AddSingleton<FleetLaunch>()
        .AddSingleton<HeartbeatGate>()
        .AddSingleton<Admission>()
        .AddSingleton<RolloutUndo>()
        .AddSingleton<LoadBalancerListeners>()
        .AddSingleton<ClusterCertificate>()
        .AddSingleton<BakeStage>()
        .AddSingleton<ImageRetention>()
        .AddSingleton<LoadBalancerStage>()
        .AddSingleton<HostedZones>()
        .AddSingleton<NameCheck>()
        .AddSingleton<DnsStage>()
        .AddSingleton<RolloutRunner>()
        .AddSingleton<RollingDeployment>()
        .AddSingleton<FleetRequestStage>()
        .AddSingleton<FleetAhead>()
        .AddSingleton<RolloutCompletion>()
        .AddSingleton<CompatibilityCheck>()
        .AddSingleton<ConfigPush>()
        .AddSingleton<AlarmWatch>()
        .AddSingleton<InstanceProtocol>()
        .AddSingleton<FleetStatus>()
        .AddSingleton<FleetHealing>()
        .AddSingleton<FleetRollback>();

    /// <summary>The token servers' fleet, of the same classes; what has nothing to do with a role is the cluster's.</summary>
    internal static IServiceProvider MakeTokenServer(IServiceProvider cluster)
    {
        var services = new ServiceCollection();
        foreach (var type in SharedByRoles) services.AddSingleton(type, _ => cluster.GetRequiredService(type));
        var names = new ClusterNames(cluster.GetRequiredService<EnvironmentSettings>().Cluster, ServiceRole.TokenServer);
        services
            .AddSingleton(names)
            .AddSingleton(cluster.GetRequiredService<EnvironmentSettings>().Of(ServiceRole.TokenServer))
            .AddSingleton(cluster.GetRequiredService<Observation>().Of(names))
            .AddSingleton<ServiceBuild>(_ => cluster.GetRequiredService<TokenServerBuild>())
            .AddSingleton<PublishedConfiguration>(_ => cluster.GetRequiredService<TokenConfigStore>())
            .AddSingleton<JoiningGate, TokenSigningGate>()
            .AddFleet();
        return services.BuildServiceProvider();
    }

    private static readonly Type[] SharedByRoles =
    [
        typeof(RunOptions), typeof(TimeProvider), typeof(IProgress), typeof(IClients), typeof(AwsConnection), typeof(ClusterBucket), typeof(InstanceLauncher), typeof(RemoteCommands), typeof(Cleanup),
        typeof(Waiter), typeof(RunReport), typeof(DeploymentJournal), typeof(NodeAccess), typeof(INameResolver),
    ];

    // The container has no null for a service that is only there on GitHub.
    private sealed record GitHubConsole(GitHubLog? Log);

    private sealed class Later<T>(IServiceProvider provider) : Lazy<T>(provider.GetRequiredService<T>)
        where T : notnull;
}
