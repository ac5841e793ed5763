using Cake.Core;
using Cake.Frosting;

namespace SyncStorage.Build.Hosting;

/// <summary>Records how the run ended.</summary>
public sealed class DeployLifetime(Outcome outcome) : FrostingLifetime<DeployContext>
{
    public override void Setup(DeployContext context, ISetupContext info)
    {
    }

    public override void Teardown(DeployContext context, ITeardownContext info)
    {
        if (info.ThrownException is { } exception)
            outcome.Record(exception);
    }
}
