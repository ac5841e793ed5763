using Microsoft.Extensions.Logging;
using SyncStorage.LocalCloud.Hosting;
using SyncStorage.LocalCloud.Services.Ec2.Machines;

namespace SyncStorage.LocalCloud.Tests.Hosting;

internal sealed class LogFileTests
{
    private string directory = "";

    [SetUp]
    public void MakeDirectory() => directory = Directory.CreateTempSubdirectory("log-tests-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(directory, recursive: true);

    [Test]
    public void Log_ControlCharactersFromACaller_StayInOneLineAndDoNothing()
    {
        using var file = new LogFile(directory, TimeProvider.System);
        var logger = file.CreateLogger("A.Dispatcher");

#pragma warning disable CA1848, CA2254 // A message as a caller may make it.
        logger.LogInformation("no such key: a\r\n2026-01-01 INFO Dispatcher: forged\u001b[2J");
#pragma warning restore CA1848, CA2254

        var lines = File.ReadAllLines(Path.Combine(directory, "localcloud.log"));
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.EndWith("a\\u000d\\u000a2026-01-01 INFO Dispatcher: forged\\u001b[2J"));
    }

    [Test]
    public void Trim_LargeConsole_KeepsTheEndAndItsWritersGoOn()
    {
        var path = Path.Combine(directory, "console.log");
        using var writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        for (var line = 0; line < 17; line++) writer.WriteLine(new string('x', 1024 * 1024));
        var console = new MachineConsole(path, TimeProvider.System);

        console.Trim();
        console.Write("systemd", "after");

        Assert.That(new FileInfo(path).Length, Is.LessThan(128 * 1024));
        Assert.That(MachineConsole.Read(path), Does.EndWith("systemd: after\n"));
    }
}
