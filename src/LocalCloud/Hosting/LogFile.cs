using System.Globalization;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Writes the log to <c>localcloud.log</c>. One predecessor is kept, so that it can't fill a disk.</summary>
internal sealed class LogFile : ILoggerProvider
{
    private const long LargestBytes = 16 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly string path;
    private readonly TimeProvider time;
    private StreamWriter writer;

    public LogFile(string stateDirectory, TimeProvider time)
    {
        path = Path.Combine(stateDirectory, "localcloud.log");
        this.time = time;
        writer = Open();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        lock (gate) writer.Dispose();
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        lock (gate)
        {
            // Processes that end late may still log.
            if (!writer.BaseStream.CanWrite) return;
            writer.WriteLine($"{now} {level.ToString()[..4].ToUpperInvariant()} {category}: {OneLine(message)}");
            if (exception is not null) writer.WriteLine(exception);
            if (writer.BaseStream.Length > LargestBytes) Roll();
        }
    }

    /// <summary>What callers sent stands in messages: it must not look like lines of the log, nor command a terminal.</summary>
    private static string OneLine(string message) => message.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && !message.Contains('\x7f', StringComparison.Ordinal)
        ? message
        : string.Concat(message.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()));

    private void Roll()
    {
        writer.Dispose();
        File.Move(path, path + ".1", overwrite: true);
        writer = Open();
    }

    private StreamWriter Open()
    {
        var stream = new FileStream(path, PrivateFile.Options(FileMode.OpenOrCreate, FileShare.ReadWrite));
        stream.Seek(0, SeekOrigin.End);
        return new StreamWriter(stream) { AutoFlush = true };
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            file.Write(logLevel, category, formatter(state, exception), exception);
    }
}
