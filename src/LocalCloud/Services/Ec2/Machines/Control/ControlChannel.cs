using System.Collections.Concurrent;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Control;

/// <summary>What a command in an instance asks for.</summary>
/// <param name="Root">The instance's root directory.</param>
/// <param name="Command">E.g. <c>systemctl</c>.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ControlRequest(string Root, string Command, IReadOnlyList<string> Arguments);

/// <param name="ExitCode">The command's.</param>
/// <param name="Text">What it prints.</param>
/// <param name="IsError">Whether it prints it as an error.</param>
internal sealed record ControlReply(int ExitCode, string Text = "", bool IsError = false)
{
    public static ControlReply Done { get; } = new(0);

    public static ControlReply Failed(string message, int exitCode = 1) => new(exitCode, message + "\n", IsError: true);
}

/// <summary>
/// Reads requests from a directory that only this user can enter, and answers them. Requests that were made while
/// LocalCloud was away are answered when it is back.
/// </summary>
internal sealed class ControlChannel : IDisposable
{
    // The watcher is prompt; looking now and then covers what it may lose, and looking often stands in for it.
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SweepUnwatched = TimeSpan.FromMilliseconds(50);

    private readonly string directory;
    private readonly TimeProvider time;
    private readonly Func<ControlRequest, Task<ControlReply>> answer;
    private readonly ConcurrentDictionary<string, bool> answering = new(StringComparer.Ordinal);
    private readonly FileSystemWatcher watcher;
    private readonly ITimer timer;

    public ControlChannel(string directory, TimeProvider time, Func<ControlRequest, Task<ControlReply>> answer)
    {
        this.directory = directory;
        this.time = time;
        this.answer = answer;
        Directory.CreateDirectory(directory);
        watcher = new FileSystemWatcher(directory, "*.request") { NotifyFilter = NotifyFilters.FileName };
        watcher.Renamed += (_, file) => Take(file.FullPath);
        watcher.Created += (_, file) => Take(file.FullPath);
        timer = time.CreateTimer(_ => TakeAll(), null, TimeSpan.Zero, TryWatch() ? Sweep : SweepUnwatched);
    }

    public void Dispose()
    {
        watcher.Dispose();
        timer.Dispose();
    }

    /// <summary>False where the user's inotify instances are used up.</summary>
    private bool TryWatch()
    {
        try
        {
            watcher.EnableRaisingEvents = true;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void TakeAll()
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*.request")) Take(file);

            // Whoever asked for the end of its own machine reads no answer.
            var abandoned = time.GetUtcNow().UtcDateTime - AbandonedAfter;
            foreach (var file in Directory.EnumerateFiles(directory, "*.reply").Where(file => File.GetLastWriteTimeUtc(file) < abandoned)) File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The state directory is being removed, or can't be read just now: there is a next time.
        }
    }

    private void Take(string file)
    {
        if (answering.TryAdd(file, true)) _ = Task.Run(() => AnswerAsync(file));
    }

    private async Task AnswerAsync(string file)
    {
        try
        {
            var words = (await File.ReadAllTextAsync(file)).Split('\0', StringSplitOptions.None)[..^1];
            File.Delete(file);
            var reply = words.Length < 2 ? ControlReply.Failed("The request is not complete.") : await ReplyAsync(new ControlRequest(words[0], words[1], words[2..]));
            var path = Path.ChangeExtension(file, ".reply");
            await File.WriteAllTextAsync(path + ".tmp", $"{reply.ExitCode} {(reply.IsError ? "err" : "out")}\n{reply.Text}");
            File.Move(path + ".tmp", path, overwrite: true);
        }
        catch (IOException) when (!File.Exists(file))
        {
            // Its asker gave up, or the state directory is being removed: nobody waits for an answer.
        }
        finally
        {
            answering.TryRemove(file, out _);
        }
    }

    private async Task<ControlReply> ReplyAsync(ControlRequest request)
    {
        try
        {
            return await answer(request);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or FormatException or UnauthorizedAccessException)
        {
            return ControlReply.Failed(exception.Message);
        }
    }
}
