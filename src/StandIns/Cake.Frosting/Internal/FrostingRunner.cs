using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.Scripting;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>Tells the engine of tasks and lifetimes, and runs the targets in the way that was asked for.</summary>
internal sealed class FrostingRunner(
    IServiceProvider provider, ICakeEngine engine, ICakeEnvironment environment, ICakeLog log)
{
    public void Run(DefaultCommandSettings settings)
    {
        log.Verbosity = settings.Verbosity;
        if ((settings.WorkingDirectory ?? provider.GetService<WorkingDirectory>()?.Path) is { } path)
            environment.WorkingDirectory = path.MakeAbsolute(environment);

        var context = provider.GetRequiredService<IFrostingContext>();
        RegisterLifetimes(context);
        foreach (var task in provider.GetServices<IFrostingTask>())
            TaskRegistration.Register(engine, task, context);

        var host = Host(settings);
        if (settings.Exclusive)
            host.Settings.UseExclusiveTarget();
        host.RunTargets(settings.Targets);
    }

    private IScriptHost Host(DefaultCommandSettings settings) => settings switch
    {
        { DryRun: true } => provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>(),
        { Tree: true } => provider.GetRequiredService<TreeScriptHost>(),
        { Description: true } => provider.GetRequiredService<DescriptionScriptHost>(),
        _ => provider.GetRequiredService<BuildScriptHost<IFrostingContext>>(),
    };

    private void RegisterLifetimes(IFrostingContext context)
    {
        if (provider.GetService<IFrostingSetup>() is { } setup)
            engine.RegisterSetupAction(info => setup.Setup(context, info));
        if (provider.GetService<IFrostingTeardown>() is { } teardown)
            engine.RegisterTeardownAction(info => teardown.Teardown(context, info));
        if (provider.GetService<IFrostingTaskSetup>() is { } taskSetup)
            engine.RegisterTaskSetupAction(info => taskSetup.Setup(context, info));
        if (provider.GetService<IFrostingTaskTeardown>() is { } taskTeardown)
            engine.RegisterTaskTeardownAction(info => taskTeardown.Teardown(context, info));
    }
}
