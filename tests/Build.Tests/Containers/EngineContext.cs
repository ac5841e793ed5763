using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Packaging;
using Cake.Core.Tooling;

namespace SyncStorage.Build.Tests.Containers;

/// <summary>As much of the engine as running a program takes: its own, not a fake's.</summary>
internal sealed class EngineContext : ICakeContext
{
    public EngineContext()
    {
        Globber = new Globber(FileSystem, Environment);
        Tools = new ToolLocator(Environment, new ToolRepository(Environment), new ToolResolutionStrategy(FileSystem, Environment, Globber, Configuration, Log));
        ProcessRunner = new ProcessRunner(FileSystem, Environment, Log, Tools, Configuration);
    }

    public IFileSystem FileSystem { get; } = new FileSystem();

    public ICakeEnvironment Environment { get; } = new CakeEnvironment(new CakePlatform(), new CakeRuntime());

    public IGlobber Globber { get; }

    public ICakeLog Log { get; } = new NullLog();

    public IProcessRunner ProcessRunner { get; }

    public IToolLocator Tools { get; }

    public ICakeConfiguration Configuration { get; } = new CakeConfiguration(new Dictionary<string, string>());

    public ICakeArguments Arguments => throw new NotSupportedException();

    public IRegistry Registry => throw new NotSupportedException();

    public ICakeDataResolver Data => throw new NotSupportedException();

    public IToolInstaller ToolInstaller => throw new NotSupportedException();

    public IServiceProvider ServiceProvider => throw new NotSupportedException();
}
