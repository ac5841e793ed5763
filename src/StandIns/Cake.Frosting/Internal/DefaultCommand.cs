using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

/// <summary>Runs what the command line asks for.</summary>
internal sealed class DefaultCommand(IServiceCollection services) : Command<DefaultCommandSettings>
{
    public override int Execute(CommandContext context, DefaultCommandSettings settings, CancellationToken cancellationToken)
    {
        services.AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.Targets));
        using var provider = services.BuildServiceProvider();
        try
        {
            if (settings.Version)
                provider.GetRequiredService<ICakeVersionFeature>().Run(provider.GetRequiredService<IConsole>());
            else if (settings.Info)
                provider.GetRequiredService<ICakeInfoFeature>().Run(provider.GetRequiredService<IConsole>());
            else
                provider.GetRequiredService<FrostingRunner>().Run(settings);
            return 0;
        }
        catch (Exception exception)
        {
            return provider.GetRequiredService<ICakeLog>().LogException(exception);
        }
    }
}
