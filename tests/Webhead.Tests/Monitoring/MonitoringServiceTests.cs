using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.ServiceHost.Monitoring;
using SyncStorage.ServiceHost.Observability;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Monitoring;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MonitoringServiceTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceMetrics metrics = new();
    private readonly FakeMonitoring monitoring = new();
    private readonly LogQueue logs;
    private readonly MonitoringService service;

    public MonitoringServiceTests()
    {
        logs = new LogQueue(time);
        service = new MonitoringService(
            monitoring, logs, new FigureCollector(metrics, [], new HostFigures("/nonexistent", "/")), TimeSpan.FromMinutes(1), time, NullLogger<MonitoringService>.Instance);
    }

    public void Dispose()
    {
        service.Dispose();
        metrics.Dispose();
    }

    [Test]
    public async Task Figures_EveryInterval_AreWhatGrewSince()
    {
        await service.StartAsync(CancellationToken.None);
        Request(200, 0.004);
        Request(503, 0.2);
        await PassAsync(TimeSpan.FromMinutes(1), () => monitoring.Figures.Count == 1);
        Request(200, 0.004);
        await PassAsync(TimeSpan.FromMinutes(1), () => monitoring.Figures.Count == 2);
        await service.StopAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(monitoring.Figures.Take(2).Select(figures => Value(figures, "Requests")), Is.EqualTo(new[] { 2.0, 1.0 }));
            Assert.That(monitoring.Figures.Take(2).Select(figures => Value(figures, "Errors")), Is.EqualTo(new[] { 1.0, 0.0 }));
            Assert.That(monitoring.Figures[0].Single(figure => figure.Name == "RequestSeconds").Values, Is.EqualTo(new[] { (0.005, 1.0), (0.25, 1.0) }));
            Assert.That(monitoring.Figures[0].Select(figure => figure.Name), Is.Unique.And.Contains("DiskPercent"));
        }
    }

    [Test]
    public async Task Failures_Throttled_SendSlowerAndLoseNothing()
    {
        await service.StartAsync(CancellationToken.None);
        monitoring.Failure = () => new InvalidOperationException("Rate exceeded");
        logs.Add("one");
        for (var i = 0; i < 60; i++) await StepAsync(TimeSpan.FromSeconds(2));
        var attempts = monitoring.Attempts;
        logs.Add("two");
        monitoring.Failure = null;
        for (var i = 0; i < 100 && monitoring.Lines.Count < 2; i++) await StepAsync(TimeSpan.FromSeconds(2));
        await service.StopAsync(CancellationToken.None);

        // 2, 1 + 2, 2 + 2, 4 + 2, … seconds apart: two minutes have room for some ten attempts, not for sixty.
        Assert.That(attempts, Is.InRange(3, 20));
        Assert.That(monitoring.Lines.Select(line => line.Text), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task Stop_WhatWaits_IsSent()
    {
        await service.StartAsync(CancellationToken.None);
        Request(200, 0.1);
        logs.Add("the last word");

        await service.StopAsync(CancellationToken.None);

        Assert.That(monitoring.Lines.Single().Text, Is.EqualTo("the last word"));
        Assert.That(Value(monitoring.Figures.Single(), "Requests"), Is.EqualTo(1));
    }

    [Test]
    public async Task Refused_ForGood_IsDroppedAndTheNextGoes()
    {
        await service.StartAsync(CancellationToken.None);
        monitoring.Failure = () => new RefusedForGoodException("too old", new InvalidOperationException());
        logs.Add("refused");
        await PassAsync(TimeSpan.FromSeconds(2), () => logs.IsEmpty);
        monitoring.Failure = null;
        logs.Add("taken");
        await PassAsync(TimeSpan.FromSeconds(2), () => logs.IsEmpty);
        await service.StopAsync(CancellationToken.None);

        Assert.That(monitoring.Lines.Select(line => line.Text), Is.EqualTo(new[] { "taken" }));
    }

    [Test]
    public void Queue_Full_DropsTheNewestAndCounts()
    {
        var line = new string('x', 100 * 1024);
        for (var i = 0; i < 100; i++) logs.Add(line);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(logs.Dropped, Is.EqualTo(100 - (LogQueue.MostCharacters / line.Length)));
            Assert.That(logs.Peek(), Has.Count.EqualTo(2), "one call takes no more");
        }
    }

    [Test]
    public void Provider_LogLine_IsTheJsonThatTheConsoleHas()
    {
        using var provider = new QueueLoggerProvider(new JsonLines(time), logs);

        provider.CreateLogger("a.b").Log(LogLevel.Warning, new EventId(7, "Lost"), "{Count} lost", 3);

        var line = JsonDocument.Parse(logs.Peek().Single().Text).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(line.GetProperty("level").GetString(), Is.EqualTo("warning"));
            Assert.That(line.GetProperty("event").GetString(), Is.EqualTo("Lost"));
            Assert.That(line.GetProperty("count").GetInt32(), Is.EqualTo(3));
        }
    }

    private void Request(int status, double seconds)
    {
        metrics.Begin();
        metrics.End(new RequestKind("GET", "/", status), TimeSpan.FromSeconds(seconds));
    }

    private static double Value(IReadOnlyList<Figure> figures, string name) => figures.Single(figure => figure.Name == name).Values.Single().Value;

    private async Task PassAsync(TimeSpan span, Func<bool> until)
    {
        await StepAsync(span);
        await Loopback.UntilAsync(() => Task.FromResult(until()), "it was sent");
    }

    // What runs in the background gets to its next wait before the clock goes on.
    private async Task StepAsync(TimeSpan span)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        time.Advance(span);
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
    }

    private sealed class FakeMonitoring : IMonitoring
    {
        private int attempts;

        public Func<Exception>? Failure { get; set; }

        public int Attempts => attempts;

        public List<IReadOnlyList<Figure>> Figures { get; } = [];

        public List<LogLine> Lines { get; } = [];

        public Task SendAsync(IReadOnlyList<Figure> figures, CancellationToken cancellationToken)
        {
            if (Failure is { } failure) throw failure();
            Figures.Add(figures);
            return Task.CompletedTask;
        }

        public Task SendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref attempts);
            if (Failure is { } failure) throw failure();
            Lines.AddRange(lines);
            return Task.CompletedTask;
        }
    }
}

[TestFixture]
internal sealed class HostFiguresTests
{
    [Test]
    public void Measure_Proc_IsWhatTheKernelSays()
    {
        var proc = Directory.CreateTempSubdirectory("proc-");
        try
        {
            File.WriteAllText(Path.Combine(proc.FullName, "meminfo"), "MemTotal:        1000 kB\nMemFree:          100 kB\nMemAvailable:     250 kB\n");
            File.WriteAllText(Path.Combine(proc.FullName, "stat"), "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1 1 1\n");
            var host = new HostFigures(proc.FullName, "/");
            var first = host.Measure().ToDictionary(figure => figure.Name, figure => figure.Percent);
            File.WriteAllText(Path.Combine(proc.FullName, "stat"), "cpu  150 0 125 715 110 0 0 0 0 0\ncpu0 1 1 1 1\n");

            var second = host.Measure().ToDictionary(figure => figure.Name, figure => figure.Percent);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(first, Does.Not.ContainKey("ProcessorPercent"), "there is nothing before to compare with");
                Assert.That(first["MemoryPercent"], Is.EqualTo(75));
                Assert.That(second["ProcessorPercent"], Is.EqualTo(75));
                Assert.That(second["DiskPercent"], Is.InRange(0, 100));
            }
        }
        finally
        {
            proc.Delete(recursive: true);
        }
    }
}
