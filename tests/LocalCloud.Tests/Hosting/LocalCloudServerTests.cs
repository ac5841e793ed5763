using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using SyncStorage.LocalCloud.Commands;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Hosting;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Hosting;

[Category(Categories.Emulator)]
internal sealed class LocalCloudServerTests
{
    [Test]
    public async Task Start_SameStateDirectoryTwice_SecondIsRefused()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();

        var refused = await Assert.ThrowsAsync<StartException>(() => LocalCloudServer.StartAsync(new RunOptions { StateDirectory = cloud.StateDirectory }, CancellationToken.None));

        Assert.That(refused!.Message, Does.Contain(cloud.StateDirectory).And.Contain($"{Environment.ProcessId}"));
    }

    [Test]
    public async Task Start_BusyPort_SaysWhoHasIt()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var state = Directory.CreateTempSubdirectory("localcloud-tests-");
        try
        {
            var refused = await Assert.ThrowsAsync<StartException>(() =>
                LocalCloudServer.StartAsync(new RunOptions { StateDirectory = state.FullName, Port = cloud.Endpoint.Port }, CancellationToken.None));

            Assert.That(refused!.Message, Does.Contain($"{cloud.Endpoint.Port} is busy").And.Contain(cloud.StateDirectory));
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_FilesWithSecrets_AreTheOwnersAlone()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();

        var modes = new[] { "credentials", "endpoint.json", "secrets.key", "localcloud.log" }.Select(name => File.GetUnixFileMode(Path.Combine(cloud.StateDirectory, name)));

        Assert.That(modes, Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Lease_AcrossARestart_KeepsAddressesAndAvoidsTakenPorts()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var pool = cloud.Services.GetRequiredService<IAddressPool>();
        var first = pool.Lease("i-1", 8000);
        var bytes = first.GetAddressBytes();
        bytes[3]++;
        using var squatter = new TcpListener(new IPAddress(bytes), 8000);
        squatter.Start();

        var second = pool.Lease("i-2", 8000);
        await cloud.RestartAsync(keepProcesses: false);

        var later = cloud.Services.GetRequiredService<IAddressPool>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second, Is.Not.EqualTo(first).And.Not.EqualTo(new IPAddress(bytes)));
            Assert.That(later.Lease("i-1", 8000), Is.EqualTo(first));
            Assert.That(later.Lease("i-2", 8000), Is.EqualTo(second));
        }
    }

    [TestCase("run")]
    [TestCase("run", "--state")]
    [TestCase("run", "--state", "x", "--prot", "1")]
    [TestCase("walk", "--state", "x")]
    public void Parse_BadArguments_AreRefused(params string[] arguments) =>
        Assert.Throws<ArgumentException>(() => CommandLine.Parse(arguments));

    [TestCase("--port", "65536")]
    [TestCase("--port", "-1")]
    [TestCase("--time-scale", "-1")]
    [TestCase("--time-scale", "NaN")]
    public void ToRunOptions_ValueOutOfRange_IsRefused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => CommandLine.Parse(["run", "--state", "x", name, value]).ToRunOptions());
}
