using System.Runtime.InteropServices;
using SyncStorage.LocalCloud.Hosting;

namespace SyncStorage.LocalCloud.Commands;

/// <summary><c>run</c>: LocalCloud in the foreground, until it is told to end.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan StopBudget = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(RunOptions options)
    {
        // A signal during the start cancels it; later it is the wish to end.
        using var starting = new CancellationTokenSource();
        LocalCloudServer? running = null;
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            starting.Cancel();
            running?.Services.GetRequiredService<Shutdown>().Request(keepProcesses: false);
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        await using var server = await LocalCloudServer.StartAsync(options, starting.Token);
        running = server;
        var shutdown = server.Services.GetRequiredService<Shutdown>();
        if (starting.IsCancellationRequested) shutdown.Request(keepProcesses: false);

        await Console.Out.WriteLineAsync($"LocalCloud listens on {server.Cloud.Endpoint.GetLeftPart(UriPartial.Authority)}; credentials: {Path.Combine(server.Cloud.StateDirectory, CredentialStore.FileName)}");
        var keepProcesses = await shutdown.Wish;
        using var budget = new CancellationTokenSource(StopBudget, options.Time);
        await server.StopAsync(keepProcesses, budget.Token);
        return 0;
    }
}
