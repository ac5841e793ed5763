using Spectre.Console;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>
/// Prints what the pipeline does while it does it, and records it. On a terminal the current wait is one line that is
/// rewritten; elsewhere waits are thinned out to lines.
/// </summary>
/// <param name="console">The one console.</param>
/// <param name="report">Records.</param>
/// <param name="time">The clock.</param>
/// <param name="gitHub">GitHub's log, or null.</param>
public sealed class ConsoleProgress(IAnsiConsole console, RunReport report, TimeProvider time, GitHubLog? gitHub = null) : IProgress, IDisposable
{
    private readonly Lock gate = new();
    private readonly WaitThinning thinning = new();
    private StageRecord? current;
    private LiveLine? live;

    /// <summary>Starts a stage: what is found and changed until it is disposed of belongs to it.</summary>
    /// <param name="name">The target's name.</param>
    public StageScope BeginStage(string name)
    {
        var stage = report.Begin(name);
        lock (gate)
        {
            current = stage;
            gitHub?.BeginGroup(name);
            console.MarkupLineInterpolated($"[bold]{name}[/]");
        }

        return new StageScope(this, stage);
    }

    /// <inheritdoc/>
    public void Found(string message) => Line(message, "=", "grey");

    /// <inheritdoc/>
    public void Changed(string message)
    {
        current?.Changed(message);
        Line(message, "+", "green");
    }

    /// <inheritdoc/>
    public void Notice(string message)
    {
        Line(message, "!", "yellow");
        lock (gate)
            gitHub?.Notice(message);
    }

    /// <inheritdoc/>
    public void Waiting(string what, TimeSpan elapsed, string lastSeen)
    {
        lock (gate)
        {
            current?.Waited(what, elapsed, lastSeen);
            if (console.Profile.Out.IsTerminal && gitHub is null)
                (live ??= new LiveLine(console, time, gate)).Show(what, elapsed, lastSeen);
            else if (thinning.ShouldPrint(what, elapsed, lastSeen))
                console.MarkupLineInterpolated($"  [grey]…[/] waiting for {what}: {lastSeen} ({elapsed.ForPeople()})");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
            live?.Dispose();
    }

    internal void End(StageRecord stage, bool failed)
    {
        stage.End(failed);
        var changes = stage.Changes.Count switch { 0 => "no change", 1 => "1 change", var n => $"{n} changes" };
        lock (gate)
        {
            live?.Clear();
            if (failed)
                console.MarkupLineInterpolated($"  [red]failed after {stage.Elapsed.ForPeople()}, {changes}[/]");
            else
                console.MarkupLineInterpolated($"  [grey]{stage.Elapsed.ForPeople()}, {changes}[/]");
            gitHub?.EndGroup();
            thinning.Forget();
            if (current == stage)
                current = null;
        }
    }

    private void Line(string message, string sign, string colour)
    {
        lock (gate)
        {
            live?.Clear();
            console.MarkupLine($"  [{colour}]{sign}[/] {Markup.Escape(message)}");
        }
    }
}

/// <summary>A running stage. It has failed unless it was told that it is done.</summary>
public sealed class StageScope : IDisposable
{
    private readonly ConsoleProgress progress;
    private readonly StageRecord stage;
    private bool done;

    internal StageScope(ConsoleProgress progress, StageRecord stage) => (this.progress, this.stage) = (progress, stage);

    /// <summary>Says that the stage has succeeded.</summary>
    public void Done() => done = true;

    /// <summary>Ends the stage.</summary>
    public void Dispose()
    {
        if (!stage.HasEnded)
            progress.End(stage, failed: !done);
    }
}
