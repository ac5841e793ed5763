using Microsoft.Extensions.Logging.Abstractions;
using SyncStorage.ServiceHost.Observability;

namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>Writes log lines, as the console has them, into the queue.</summary>
[ProviderAlias("Queue")]
internal sealed class QueueLoggerProvider(JsonLines format, LogQueue queue) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new QueueLogger(format, queue, categoryName);

    public void Dispose()
    {
        // What waits is the service's to send.
    }

    private sealed class QueueLogger(JsonLines format, LogQueue queue, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var writer = new StringWriter();
            format.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), scopeProvider: null, writer);
            queue.Add(writer.ToString().TrimEnd('\n'));
        }
    }
}
