using Cake.Core.IO;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>What a host is told about.</summary>
public static class CakeHostExtensions
{
    extension(CakeHost host)
    {
        public CakeHost UseContext<TContext>()
            where TContext : class, IFrostingContext =>
            host.ConfigureServices(static services => services.AddSingleton<IFrostingContext, TContext>());

        public CakeHost UseLifetime<TLifetime>()
            where TLifetime : class, IFrostingLifetime =>
            host.ConfigureServices(static services => services
                .AddSingleton<TLifetime>()
                .AddSingleton<IFrostingSetup>(static provider => provider.GetRequiredService<TLifetime>())
                .AddSingleton<IFrostingTeardown>(static provider => provider.GetRequiredService<TLifetime>()));

        public CakeHost UseSetup<TSetup>()
            where TSetup : class, IFrostingSetup =>
            host.ConfigureServices(static services => services.AddSingleton<IFrostingSetup, TSetup>());

        public CakeHost UseTeardown<TTeardown>()
            where TTeardown : class, IFrostingTeardown =>
            host.ConfigureServices(static services => services.AddSingleton<IFrostingTeardown, TTeardown>());

        public CakeHost UseTaskLifetime<TLifetime>()
            where TLifetime : class, IFrostingTaskLifetime =>
            host.ConfigureServices(static services => services
                .AddSingleton<TLifetime>()
                .AddSingleton<IFrostingTaskSetup>(static provider => provider.GetRequiredService<TLifetime>())
                .AddSingleton<IFrostingTaskTeardown>(static provider => provider.GetRequiredService<TLifetime>()));

        public CakeHost UseTaskSetup<TSetup>()
            where TSetup : class, IFrostingTaskSetup =>
            host.ConfigureServices(static services => services.AddSingleton<IFrostingTaskSetup, TSetup>());

        public CakeHost UseTaskTeardown<TTeardown>()
            where TTeardown : class, IFrostingTaskTeardown =>
            host.ConfigureServices(static services => services.AddSingleton<IFrostingTaskTeardown, TTeardown>());

        /// <summary>The folder that relative paths start from, itself relative to the current one.</summary>
        public CakeHost UseWorkingDirectory(string path) =>
            host.ConfigureServices(services => services.AddSingleton(new WorkingDirectory(new DirectoryPath(path))));
    }
}
