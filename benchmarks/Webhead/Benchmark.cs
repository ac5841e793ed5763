using System.Diagnostics;
using Spectre.Console;

namespace SyncStorage.WebheadLoad;

/// <summary>
/// Runs the loads in rounds, each round over all of them, so that what else the machine does hits the bare endpoints and the webhead
/// alike; then the mixed load for minutes, watching the memory.
/// </summary>
internal sealed class Benchmark(BenchmarkOptions options)
{
    private static readonly TimeSpan BetweenSamples = TimeSpan.FromSeconds(5);

    private readonly string repository = FindRoot();

    /// <summary>Returns the exit code: 0 if every limit holds.</summary>
    public async Task<int> RunAsync()
    {
        var published = options.Published ?? await PublishAsync();
        await using var stack = await Stack.StartAsync(published, repository);
        try
        {
            return await RunAsync(stack);
        }
        catch
        {
            AnsiConsole.WriteLine($"the webhead said:\n{stack.Webhead.Output}");
            throw;
        }
    }

    private async Task<int> RunAsync(Stack stack)
    {
        await Parallel.ForEachAsync(LoadUser.All, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (user, token) => await user.FillAsync(new Uri($"http://{stack.WebheadAddress}"), token));

        var results = await MeasureAsync(stack);
        var memory = await SoakAsync(stack);
        var report = new Report(results, memory, stack.Starts);
        report.Print();
        if (options.Whole) await report.WriteAsync(Path.Combine(repository, "benchmarks", "results", "webhead.json"));
        return report.Holds ? 0 : 1;
    }

    private async Task<IReadOnlyList<Measured>> MeasureAsync(Stack stack)
    {
        using var wrk = new Wrk();
        var chosen = Load.All.Where(load => load.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)).ToList();
        var loads = Load.All.Where(load => chosen.Contains(load) || chosen.Exists(other => other.Bare == load.Name)).ToList();
        var figures = loads.ToDictionary(load => load, _ => new List<Figures>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var load in loads)
            {
                var measured = await wrk.RunAsync(load, load.Name.StartsWith("bare", StringComparison.Ordinal) ? stack.BareAddress : stack.WebheadAddress, options.Seconds);

                // The first round warms up: the runtime compiles what is hot.
                if (round > 0) figures[load].Add(measured);
                AnsiConsole.WriteLine($"{round}/{options.Rounds} {load.Name,-20} {measured.PerSecond,9:0} 1/s  p50 {measured.MedianMilliseconds,6:0.0} ms  p99 {measured.P99Milliseconds,6:0.0} ms  cpu {measured.ProcessorMicroseconds,6:0} µs  errors {measured.Errors}");
            }
        }

        return [.. loads.Select(load => new Measured(load, figures[load], figures.FirstOrDefault(pair => pair.Key.Name == load.Bare).Value))];
    }

    private async Task<MemoryUse> SoakAsync(Stack stack)
    {
        var samples = new List<long> { stack.Webhead.ResidentBytes };
        if (options.SoakMinutes == 0) return new MemoryUse(samples, null);

        using var wrk = new Wrk();
        var run = wrk.RunAsync(Load.Mixed, stack.WebheadAddress, options.SoakMinutes * 60);
        var started = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(BetweenSamples);
        while (!run.IsCompleted && await timer.WaitForNextTickAsync())
        {
            samples.Add(stack.Webhead.ResidentBytes);
            if (samples.Count % 12 == 0) AnsiConsole.WriteLine($"{started.Elapsed:mm\\:ss} mixed load, {samples[^1] / 1e6:0} MB");
        }

        return new MemoryUse(samples, await run);
    }

    private async Task<string> PublishAsync()
    {
        var output = Path.Combine(repository, "artifacts", "benchmark", "webhead");
        if (Directory.Exists(output)) Directory.Delete(output, recursive: true);
        AnsiConsole.WriteLine("publishing the webhead, as its bundle has it");
        await RunAsync("dotnet",
        [
            "publish", Path.Combine(repository, "src", "Webhead", "Webhead.csproj"), "--configuration", "Release",
            "--runtime", System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64",
            "--self-contained", "--output", output, "--nologo", "--verbosity", "quiet", "-p:PublishReadyToRun=true", "-p:DebugType=none",
        ]);
        return output;
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}.");
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "SyncStorage.slnx"))) return at.FullName;
        throw new DirectoryNotFoundException("There is no SyncStorage.slnx above the benchmark.");
    }
}
