using Spectre.Console;
using Spectre.Console.Rendering;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>The line of a terminal that shows the current wait. Between looks its time goes on.</summary>
internal sealed class LiveLine : IDisposable
{
    private const string EraseLine = "\r\u001b[2K";
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly IAnsiConsole console;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private (string What, string State, TimeSpan Elapsed, long SeenAt)? shown;

    /// <param name="console">A terminal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="gate">Held by whoever writes to the console.</param>
    public LiveLine(IAnsiConsole console, TimeProvider time, Lock gate)
    {
        (this.console, this.time) = (console, time);
        timer = time.CreateTimer(
            _ =>
            {
                lock (gate)
                    Write();
            },
            null, Refresh, Refresh);
    }

    public void Show(string what, TimeSpan elapsed, string state)
    {
        shown = (what, state, elapsed, time.GetTimestamp());
        Write();
    }

    public void Clear()
    {
        if (shown is null)
            return;
        shown = null;
        console.Write(new ControlCode(EraseLine));
    }

    public void Dispose()
    {
        timer.Dispose();
        Clear();
    }

    private void Write()
    {
        if (shown is not { } wait)
            return;
        var text = $"  … {wait.What}: {wait.State} ({(wait.Elapsed + time.GetElapsedTime(wait.SeenAt)).ForPeople()})";
        var width = Math.Max(10, console.Profile.Width - 1);
        console.Write(new ControlCode(EraseLine));
        console.Write(new Text(text.Length <= width ? text : text[..(width - 1)] + "…", Color.Grey));
    }
}
