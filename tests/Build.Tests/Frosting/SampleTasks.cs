using Cake.Core;
using Cake.Frosting;

namespace SyncStorage.Build.Tests.Frosting;

/// <summary>What ran, in order.</summary>
public sealed class Journal
{
    private readonly List<string> entries = [];

    public IReadOnlyList<string> Entries => entries;

    public void Add(string entry) => entries.Add(entry);
}

public sealed class SampleContext(ICakeContext context, Journal journal) : FrostingContext(context)
{
    public Journal Journal => journal;
}

public sealed class SampleLifetime : FrostingLifetime<SampleContext>
{
    public override void Setup(SampleContext context, ISetupContext info) => context.Journal.Add($"setup {info.TargetTask.Name}");

    public override void Teardown(SampleContext context, ITeardownContext info) =>
        context.Journal.Add(info.ThrownException is { } thrown ? $"teardown {thrown.Message}" : "teardown");
}

public sealed class SampleTaskLifetime : FrostingTaskLifetime<SampleContext>
{
    public override void Setup(SampleContext context, ITaskSetupContext info) => context.Journal.Add($"before {info.Task.Name}");

    public override void Teardown(SampleContext context, ITaskTeardownContext info) => context.Journal.Add($"after {info.Task.Name}");
}

/// <summary>Unnamed: its type's name is its name.</summary>
public sealed class Unnamed : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Journal.Add("unnamed");
}

[TaskName("Sample-First")]
[TaskDescription("Runs first.")]
public sealed class FirstTask(Journal journal) : FrostingTask
{
    public override void Run(ICakeContext context) => journal.Add("first");
}

[TaskName("Sample-Second")]
[IsDependentOn(typeof(FirstTask))]
public sealed class SecondTask : AsyncFrostingTask<SampleContext>
{
    public override async Task RunAsync(SampleContext context)
    {
        await Task.Yield();
        context.Journal.Add("second");
    }
}

[TaskName("Sample-Between")]
[IsDependentOn(typeof(FirstTask))]
[IsDependeeOf(typeof(ThirdTask))]
public sealed class BetweenTask : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Journal.Add("between");
}

[TaskName("Sample-Third")]
public sealed class ThirdTask : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Journal.Add("third");
}

[TaskName("Sample-Unwanted")]
public sealed class UnwantedTask : FrostingTask<SampleContext>
{
    public override bool ShouldRun(SampleContext context) => false;

    public override void Run(SampleContext context) => context.Journal.Add("unwanted");
}

[TaskName("Sample-After-Unwanted")]
[IsDependentOn(typeof(UnwantedTask))]
public sealed class AfterUnwantedTask : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Journal.Add("after unwanted");
}

[TaskName("Sample-Failing")]
public sealed class FailingTask : AsyncFrostingTask<SampleContext>
{
    public override Task RunAsync(SampleContext context) => throw new InvalidOperationException("broken");

    public override void Finally(SampleContext context) => context.Journal.Add("finally");
}

[TaskName("Sample-After-Failing")]
[IsDependentOn(typeof(FailingTask))]
public sealed class AfterFailingTask : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Journal.Add("after failing");
}

[TaskName("Sample-Handled")]
public sealed class HandledTask : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => throw new InvalidOperationException("handled");

    public override void OnError(Exception exception, SampleContext context) => context.Journal.Add($"on error {exception.Message}");
}

[TaskName("Sample-Continued")]
[ContinueOnError]
public sealed class ContinuedTask : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => throw new InvalidOperationException("passed over");
}

[TaskName("Sample-After-Continued")]
[IsDependentOn(typeof(ContinuedTask))]
public sealed class AfterContinuedTask : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Journal.Add("after continued");
}

/// <summary>Not public, so the host must not find it.</summary>
[TaskName("Sample-Internal")]
internal sealed class InternalTask : FrostingTask;
