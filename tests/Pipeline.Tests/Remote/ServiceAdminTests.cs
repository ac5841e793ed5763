using System.Diagnostics;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Remote;

namespace SyncStorage.Pipeline.Tests.Remote;

/// <summary>The lines as the shell of an instance takes them, with a curl that answers or does not.</summary>
[TestFixture]
public sealed class ServiceAdminTests
{
    private string root = null!;

    [SetUp]
    public void MakeInstance()
    {
        root = Directory.CreateTempSubdirectory("instance").FullName;
        Write("etc/syncstorage/webhead.env", "SYNCSTORAGE_ADDRESS=127.0.0.9\nSYNCSTORAGE_PORT=8000\n");
        Write("opt/syncstorage/webhead/webhead", "#!/bin/sh\necho \"program $*\"\n");
    }

    [TearDown]
    public void RemoveInstance() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task Exchange_ServiceAnswers_NoProgramIsStarted()
    {
        Write("bin/curl", "#!/bin/sh\nfor last; do :; done; echo \"$last\"\n");

        var output = await RunAsync(WebheadAdmin.Exchange(9000000001, ["x1", "x2"], write: true, clean: true));

        Assert.That(output, Is.EqualTo("http://127.0.0.9:8000/__admin__/exchange?user=9000000001&read=x1&read=x2&write&clean"));
    }

    [Test]
    public async Task Exchange_ServiceHasNoAnswer_ProgramDoesIt()
    {
        Write("bin/curl", "#!/bin/sh\nexit 22\n");

        var output = await RunAsync(WebheadAdmin.Exchange(9000000001, ["x1", "x2"], write: true, clean: true));

        Assert.That(output, Is.EqualTo("program admin exchange --user 9000000001 --read x1 --read x2 --write --clean"));
    }

    [TestCase(true, "http://127.0.0.9:8000/__admin__/check?release=0.1%27%20%24x&configuration=7&times=3&interval-ms=300&within-ms=15000")]
    [TestCase(false, "program admin check --release 0.1' $x --configuration 7 --times 3 --interval-ms 300 --within-ms 15000")]
    public async Task Check_ReleaseThatMeansSomethingToAShell_IsOneWord(bool answers, string expected)
    {
        Write("bin/curl", answers ? "#!/bin/sh\nfor last; do :; done; echo \"$last\"\n" : "#!/bin/sh\nexit 7\n");

        var output = await RunAsync(ServiceRole.Webhead.CheckCommand("0.1' $x", 7, 3, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(15)));

        Assert.That(output, Is.EqualTo(expected));
    }

    private void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(root, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<string> RunAsync(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, Environment = { ["DESTDIR"] = root, ["PATH"] = $"{root}/bin:/usr/bin:/bin" } };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.TrimEnd('\n');
    }
}
