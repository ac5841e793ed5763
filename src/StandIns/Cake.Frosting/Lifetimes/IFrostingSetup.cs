using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs before all tasks.</summary>
public interface IFrostingSetup
{
    void Setup(ICakeContext context, ISetupContext info);
}
