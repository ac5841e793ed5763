using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs after all tasks, failed or not.</summary>
public interface IFrostingTeardown
{
    void Teardown(ICakeContext context, ITeardownContext info);
}
