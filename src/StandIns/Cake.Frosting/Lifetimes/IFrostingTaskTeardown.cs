using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs after each task, failed or not.</summary>
public interface IFrostingTaskTeardown
{
    void Teardown(ICakeContext context, ITaskTeardownContext info);
}
