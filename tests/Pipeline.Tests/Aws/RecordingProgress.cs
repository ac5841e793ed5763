using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Tests.Aws;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingProgress : IProgress
{
    public List<string> Lines { get; } = [];

    public void Found(string message) => Add($"= {message}");

    public void Changed(string message) => Add($"+ {message}");

    public void Notice(string message) => Add($"! {message}");

    public void Waiting(string what, TimeSpan elapsed, string lastSeen) => Add($"… {what}: {lastSeen}");

    private void Add(string line)
    {
        lock (Lines) Lines.Add(line);
    }
}
