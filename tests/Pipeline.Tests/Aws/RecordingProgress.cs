using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Tests.Aws;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingProgress : IProgress
{
    public List<string> Lines { get; } = [];

    public void Found(string message) => Lines.Add($"= {message}");

    public void Changed(string message) => Lines.Add($"+ {message}");

    public void Notice(string message) => Lines.Add($"! {message}");

    public void Waiting(string what, TimeSpan elapsed, string lastSeen) => Lines.Add($"… {what}: {lastSeen}");
}
