using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Tests.SyncClient;

public sealed class SmokeTestTests
{
    [Test]
    public async Task Run_InterruptedWhileNobodyAnswers_TidiesUpForASecondOnly()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var time = new FakeTimeProvider();
        using var interruption = new CancellationTokenSource();
        var options = new SyncStorageClientOptions { Origin = new Uri($"http://{silent.LocalEndpoint}/"), Secret = new TokenSecret("secret"), Uid = 7, Timeout = TimeSpan.FromHours(1) };
        var test = SmokeTest.RunAsync(options, locate: null, time, interruption.Token);
        using var first = await silent.AcceptTcpClientAsync();

        await interruption.CancelAsync();
        using var tidying = await silent.AcceptTcpClientAsync();
        var began = test.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.CatchAsync<OperationCanceledException>(() => test);
        Assert.That(began, Is.False, "what it wrote is deleted");
    }
}
