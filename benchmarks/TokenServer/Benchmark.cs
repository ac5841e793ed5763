using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.TokenServerLoad;

/// <summary>What one run measured. The processor time is that of server and database.</summary>
internal sealed record Figures(double PerSecond, double MedianMilliseconds, double P99Milliseconds, double ProcessorMicroseconds, long Errors);

/// <summary>Runs the loads in rounds, each round over all of them.</summary>
internal sealed class Benchmark(BenchmarkOptions options)
{
    private const int Connections = 16;
    private const double MostMegabytes = 200;

    private readonly string repository = FindRoot();

    /// <summary>Returns the exit code: 0 if every limit holds.</summary>
    public async Task<int> RunAsync()
    {
        var published = options.Published ?? await PublishAsync();
        var folder = Directory.CreateTempSubdirectory("token-load-");
        try
        {
            using var maker = new RequestMaker();
            foreach (var load in Load.All) await maker.WriteAsync(load, FileOf(folder, load));
            await using var stack = await Stack.StartAsync(published, maker.PublicKey);
            return await MeasureAsync(stack, folder);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<int> MeasureAsync(Stack stack, DirectoryInfo folder)
    {
        var figures = Load.All.ToDictionary(load => load, _ => new List<Figures>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var load in Load.All)
            {
                if (load.Forget) await stack.ForgetUsersAsync();
                var measured = await RunAsync(FileOf(folder, load), stack);

                // The first round warms up: the runtime compiles what is hot, and the known users become known.
                if (round > 0) figures[load].Add(measured);
                AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{round}/{options.Rounds} {load.Name,-22} {measured.PerSecond,7:0} 1/s  p50 {measured.MedianMilliseconds,5:0.0} ms  p99 {measured.P99Milliseconds,5:0.0} ms  cpu {measured.ProcessorMicroseconds,5:0} µs  errors {measured.Errors}"));
            }
        }

        var megabytes = stack.Server.ResidentBytes / 1e6;
        var holds = megabytes <= MostMegabytes && figures.All(pair => Median(pair.Value, run => run.PerSecond) >= pair.Key.Wanted && pair.Value.TrueForAll(run => run.Errors == 0));
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident memory {megabytes:0} MB; {(holds ? "everything holds" : "a limit does not hold")}"));
        if (options.Whole) await WriteAsync(figures, megabytes, holds);
        return holds ? 0 : 1;
    }

    private async Task<Figures> RunAsync(string file, Stack stack)
    {
        var processorTime = ChildProcess.TotalProcessorTime;
        await using var wrk = ChildProcess.Start("wrk",
            ["-t1", $"-c{Connections}", string.Create(CultureInfo.InvariantCulture, $"-d{options.Seconds}s"), "-s", Path.Combine(AppContext.BaseDirectory, "replay.lua"), $"http://{stack.Address}/"],
            new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["REQUESTS"] = file });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds + 30));
        var code = await wrk.WaitAsync(patience.Token);
        var line = wrk.Output.Split('\n').FirstOrDefault(line => line.StartsWith("FIGURES ", StringComparison.Ordinal));
        if (code != 0 || line is null) throw new InvalidOperationException($"wrk ended with {code}: {wrk.Output}\n{stack.Server.Output}");

        var numbers = line.Split(' ')[1..].Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var spent = (ChildProcess.TotalProcessorTime - processorTime).TotalMicroseconds;
        return new Figures(numbers[0] / (numbers[1] / 1e6), numbers[2] / 1e3, numbers[3] / 1e3, spent / numbers[0], numbers[4] + numbers[5]);
    }

    private Task WriteAsync(Dictionary<Load, List<Figures>> figures, double megabytes, bool holds)
    {
        var results = new JsonObject
        {
            ["command"] = "./build.sh --target=Benchmark --filter=TokenServer",
            ["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["machine"] = $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB",
            ["load"] = $"wrk, {Connections} keep-alive connections; every user has an access token of its own, signed with RSA of 2048 bits; server, database and load generator on this machine",
            ["rounds"] = options.Rounds,
            ["requests"] = new JsonArray([.. figures.Select(pair => new JsonObject
            {
                ["name"] = pair.Key.Name,
                ["wantedPerSecond"] = pair.Key.Wanted,
                ["perSecond"] = Math.Round(Median(pair.Value, run => run.PerSecond)),
                ["p50Milliseconds"] = Math.Round(Median(pair.Value, run => run.MedianMilliseconds), 1),
                ["p99Milliseconds"] = Math.Round(Median(pair.Value, run => run.P99Milliseconds), 1),
                ["processorMicroseconds"] = Math.Round(Median(pair.Value, run => run.ProcessorMicroseconds)),
                ["errors"] = pair.Value.Sum(run => run.Errors),
            })]),
            ["residentMegabytes"] = Math.Round(megabytes),
            ["holds"] = holds,
        };
        return File.WriteAllTextAsync(Path.Combine(repository, "benchmarks", "results", "token-server.json"),
            results.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    private async Task<string> PublishAsync()
    {
        var output = Path.Combine(repository, "artifacts", "benchmark", "tokenserver");
        if (Directory.Exists(output)) Directory.Delete(output, recursive: true);
        AnsiConsole.WriteLine("publishing the token server, as its bundle has it");
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(repository, "src", "TokenServer", "TokenServer.csproj"), "--configuration", "Release",
            "--runtime", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64",
            "--self-contained", "--output", output, "--nologo", "--verbosity", "quiet", "-p:PublishReadyToRun=true", "-p:DebugType=none",
        ]);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"dotnet publish ended with {process.ExitCode}.");
    }

    private static string FileOf(DirectoryInfo folder, Load load) => Path.Combine(folder.FullName, $"{load.Users}.requests");

    private static double Median(List<Figures> runs, Func<Figures, double> value)
    {
        var sorted = runs.Select(value).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "SyncStorage.slnx"))) return at.FullName;
        throw new DirectoryNotFoundException("There is no SyncStorage.slnx above the benchmark.");
    }
}
