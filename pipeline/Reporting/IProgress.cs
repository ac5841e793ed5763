namespace SyncStorage.Pipeline.Reporting;

/// <summary>Where the pipeline says what it does. One implementation prints and records; tests have a silent one.</summary>
public interface IProgress
{
    /// <summary>What was found: a resource as it is.</summary>
    void Found(string message);

    /// <summary>What was changed; it goes into the stage's <c>changes</c> of <c>report.json</c>.</summary>
    void Changed(string message);

    /// <summary>Something an operator should know, and nothing failed.</summary>
    void Notice(string message);

    /// <summary>A wait goes on. Called at every poll; the implementation thins it out.</summary>
    void Waiting(string what, TimeSpan elapsed, string lastSeen);
}
