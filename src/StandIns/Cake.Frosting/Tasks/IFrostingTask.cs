using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task as the engine sees it. Only public classes are found.</summary>
public interface IFrostingTask
{
    string SkippedMessage { get; }

    Task RunAsync(ICakeContext context);

    bool ShouldRun(ICakeContext context);

    void OnError(Exception exception, ICakeContext context);

    void Finally(ICakeContext context);
}
