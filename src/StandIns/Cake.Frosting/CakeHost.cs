using System.Reflection;
using Cake.Cli;
using Cake.Core;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>Puts a build together, and runs it.</summary>
public sealed class CakeHost
{
    private readonly ServiceCollection services = new();
    private readonly HashSet<Assembly> assemblies = [];

    public CakeHost()
    {
        services.AddFrosting();
        if (Assembly.GetEntryAssembly() is { } entry)
            assemblies.Add(entry);
    }

    public static CakeHost Create() => new();

    /// <summary>Looks for tasks in this assembly too. The entry assembly is always looked through.</summary>
    public CakeHost AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        assemblies.Add(assembly);
        return this;
    }

    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services(this.services);
        return this;
    }

    /// <returns>0, or something else if a task failed or the arguments could not be read.</returns>
    public int Run(IEnumerable<string> args)
    {
        foreach (var task in assemblies.SelectMany(static assembly => assembly.GetExportedTypes()).Where(IsTask))
            services.AddSingleton(typeof(IFrostingTask), task);

        var registrar = new TypeRegistrar();
        registrar.RegisterInstance(typeof(IServiceCollection), services);
        return new CommandApp<DefaultCommand>(registrar).Run(args);
    }

    private static bool IsTask(Type type) =>
        type is { IsClass: true, IsAbstract: false } && typeof(IFrostingTask).IsAssignableFrom(type);
}
