using System.Globalization;
using System.Net;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.WebheadLoad;

/// <summary>What one run of <c>wrk</c> measured.</summary>
/// <remarks>The processor time is that of server, database and cache: unlike the rate, it does not depend on what else the machine does.</remarks>
internal sealed record Figures(double PerSecond, double MedianMilliseconds, double P99Milliseconds, double ProcessorMicroseconds, long Errors);

/// <summary>Runs <c>wrk</c> with one load.</summary>
internal sealed class Wrk : IDisposable
{
    private const int Connections = 16;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("webhead-load-");

    public async Task<Figures> RunAsync(Load load, IPEndPoint target, int seconds)
    {
        var file = Path.Combine(folder.FullName, load.Name.Replace(' ', '-').Replace('/', '-'));
        if (!File.Exists(file)) await WriteAsync(load, file);
        var processorTime = ChildProcess.TotalProcessorTime;
        await using var wrk = ChildProcess.Start("wrk",
            ["-t1", $"-c{Connections}", string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), "-s", Path.Combine(AppContext.BaseDirectory, "replay.lua"), $"http://{target}/"],
            new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["REQUESTS"] = file });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds + 30));
        var code = await wrk.WaitAsync(patience.Token);
        var line = wrk.Output.Split('\n').FirstOrDefault(line => line.StartsWith("FIGURES ", StringComparison.Ordinal));
        if (code != 0 || line is null) throw new InvalidOperationException($"wrk ended with {code}: {wrk.Output}");

        var numbers = line.Split(' ')[1..].Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var spent = (ChildProcess.TotalProcessorTime - processorTime).TotalMicroseconds;
        return new Figures(numbers[0] / (numbers[1] / 1e6), numbers[2] / 1e3, numbers[3] / 1e3, spent / numbers[0], numbers[4] + numbers[5]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task WriteAsync(Load load, string file)
    {
        // Users in turn, not one user's requests in a row: those would wait for each other.
        var byUser = LoadUser.All.Select(user => load.Make(user).ToList()).ToList();
        await using var stream = File.Create(file);
        for (var i = 0; i < byUser[0].Count; i++)
        {
            foreach (var requests in byUser)
            {
                var request = requests[i];
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{request.Length}\n")));
                await stream.WriteAsync(request);
                await stream.WriteAsync("\n"u8.ToArray());
            }
        }
    }
}
