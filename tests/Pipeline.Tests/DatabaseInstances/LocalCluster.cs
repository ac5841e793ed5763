using System.Runtime.InteropServices;
using System.Text.Json;
using Amazon.EC2.Model;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Reporting;
using SyncStorage.Pipeline.Tests.Settings;

namespace SyncStorage.Pipeline.Tests.DatabaseInstances;

/// <summary>A cluster on a LocalCloud of its own, of which single stages are run; each run is a deployment with services of its own, as from the command line.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("dbnodes-").FullName;
    private readonly TestConsole console = new();
    private readonly LoadedEnvironment environment;

    public LocalCluster(params IReadOnlyList<DatabaseNodeSettings> nodes)
    {
        var local = new SettingsLoader(TestFolders.Environments).Load("local", []);
        Settings = local.Settings with { LocalCloud = local.Settings.LocalCloud! with { Port = 0 }, Dbnodes = nodes };
        environment = local with { Settings = Settings };
    }

    public EnvironmentSettings Settings { get; }

    /// <summary>What the runs told.</summary>
    public string Told => console.Text;

    private static string Configuration => new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name;

    /// <summary>Runs something as a deployment does, under the lock.</summary>
    public async Task<T> RunAsync<T>(Func<IServiceProvider, Task<T>> work, CancellationToken cancellationToken, Func<RunOptions, RunOptions>? options = null)
    {
        var asked = new RunOptions { RepositoryRoot = root };
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(console.Console).AddSingleton<IContainerImages, NoContainers>()
            .AddPipeline(options?.Invoke(asked) ?? asked, () => environment, BuiltOf("LocalCloud")).BuildServiceProvider();
        await services.GetRequiredService<AccountGuard>().CheckAsync(cancellationToken);
        var deployLock = services.GetRequiredService<DeploymentLock>();
        await deployLock.TakeAsync(makeBucket: true, cancellationToken);
        try
        {
            return await work(services);
        }
        finally
        {
            await deployLock.ReleaseAsync(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>As <see cref="RunAsync{T}"/>, of what gives nothing.</summary>
    public Task RunAsync(Func<IServiceProvider, Task> work, CancellationToken cancellationToken, Func<RunOptions, RunOptions>? options = null) => RunAsync(
        async services =>
        {
            await work(services);
            return true;
        }, cancellationToken, options);

    /// <summary>A bundle of the dbnode as it was built, without publishing it: the machine has the runtime.</summary>
    public async Task BundleAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, "artifacts", "dbnode");
        var program = Path.Combine(folder, "program");
        Directory.CreateDirectory(program);
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        await File.WriteAllTextAsync(Path.Combine(program, "dbnode"), $"#!/bin/sh\nexec '{dotnet}' \"$(dirname \"$0\")/dbnode.dll\" \"$@\"\n", cancellationToken);
        var sources = Path.Combine(TestFolders.Repository, "src");
        var manifest = new BundleManifest(
        [
            .. BundleManifest.Below(Path.Combine(sources, "ServiceHost", "bundle"), "", name => name == "install.sh"),
            .. BundleManifest.Below(Path.Combine(sources, "DatabaseNode", "bundle"), "", _ => false),
            .. BundleManifest.Below(BuiltOf("DatabaseNode"), "dbnode/", _ => false).Where(entry => entry.Path != "dbnode/dbnode" && !entry.Path.EndsWith(".pdb", StringComparison.Ordinal)),
            .. BundleManifest.Below(program, "dbnode/", _ => true),
        ]);
        var archive = Path.Combine(folder, "bundle.tar.gz");
        await BundleArchive.WriteAsync(manifest, archive, cancellationToken);
        var bundle = new Bundle($"test-{manifest.Digest[..12]}", manifest.Digest, Settings.Image.Architecture, new FileInfo(archive).Length, manifest.Entries.Count);
        await File.WriteAllTextAsync(Path.Combine(folder, "bundle.json"), JsonSerializer.Serialize(bundle, JsonSerializerOptions.Web), cancellationToken);
    }

    /// <summary>The first value of a query on a dbnode, as the master account.</summary>
    public static async Task<object?> QueryAsync(IServiceProvider services, Instance instance, string node, string sql, CancellationToken cancellationToken)
    {
        var password = await services.GetRequiredService<SecretStore>().MasterPasswordAsync(node, cancellationToken);
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = instance.PrivateIpAddress,
            Port = 3306,
            UserID = "syncadmin",
            Password = password.Reveal(),
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(console.Console).AddSingleton<IContainerImages, NoContainers>()
            .AddPipeline(new RunOptions { RepositoryRoot = root }, () => environment, BuiltOf("LocalCloud")).BuildServiceProvider();
        await services.GetRequiredService<LocalCloudRunner>().StopAsync(Settings.LocalCloud!, keepProcesses: false, CancellationToken.None);
        console.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private static string BuiltOf(string project) => Path.Combine(TestFolders.Repository, "src", project, "bin", Configuration, "net10.0");

    private sealed class NoContainers : IContainerImages
    {
        public Task<BuiltImage> BuildAsync(ImageRecipe recipe, CancellationToken cancellationToken) => throw new NotSupportedException("No test of dbnodes builds a container.");
    }
}
