using System.Runtime.Versioning;
using SyncStorage.TestSupport;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Bundle;

[TestFixture]
[Category(Categories.Processes)]
[SupportedOSPlatform("linux")]
internal sealed class InstallScriptTests
{
    private static readonly string Sources = Path.Combine(RepositoryRoot(), "src", "Webhead", "bundle");
    private DirectoryInfo folder = null!;

    private string Root => Path.Combine(folder.FullName, "root of instance");

    private string Bundle => Path.Combine(folder.FullName, "bundle");

    [SetUp]
    public void MakeBundle()
    {
        folder = Directory.CreateTempSubdirectory("webhead-install-");
        Directory.CreateDirectory(Path.Combine(Bundle, "systemd"));
        Directory.CreateDirectory(Path.Combine(Bundle, "webhead"));
        File.Copy(Path.Combine(RepositoryRoot(), "src", "ServiceHost", "bundle", "install.sh"), Path.Combine(Bundle, "install.sh"));
        File.Copy(Path.Combine(Sources, "systemd", "syncstorage-webhead.service"), Path.Combine(Bundle, "systemd", "syncstorage-webhead.service"));
        File.WriteAllText(Path.Combine(Bundle, "webhead", "webhead"), "first");
        File.WriteAllText(Path.Combine(Bundle, "webhead", "webhead.dll"), "first");
    }

    [TearDown]
    public void Delete() => folder.Delete(recursive: true);

    [Test]
    public async Task Install_TwiceBelowDestdir_LeavesTheSecondAndNothingElse()
    {
        var first = await InstallAsync("0.1.0-first");
        File.Delete(Path.Combine(Bundle, "webhead", "webhead.dll"));
        File.WriteAllText(Path.Combine(Bundle, "webhead", "webhead"), "second");

        var second = await InstallAsync("0.1.0-second");

        var installed = Path.Combine(Root, "opt", "syncstorage");
        var files = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.Code, second.Code), Is.EqualTo((0, 0)), second.Output);
            Assert.That(File.ReadAllText(Path.Combine(installed, "release")), Is.EqualTo("0.1.0-second\n"));
            Assert.That(File.ReadAllText(Path.Combine(installed, "webhead", "webhead")), Is.EqualTo("second"));
            Assert.That(File.GetUnixFileMode(Path.Combine(installed, "webhead", "webhead")).HasFlag(UnixFileMode.UserExecute), Is.True);
            Assert.That(files, Is.EquivalentTo((string[])
            [
                "opt/syncstorage/release", "opt/syncstorage/webhead/webhead", "etc/systemd/system/syncstorage-webhead.service",
                "systemctl.log",
            ]));
            Assert.That(File.ReadAllLines(Path.Combine(Root, "systemctl.log")),
                Is.All.EqualTo($"--root={Root} enable syncstorage-webhead.service"), "the machine's own units are left alone");
        }
    }

    [Test]
    public async Task Install_BundleIncomplete_ChangesNothing()
    {
        File.Delete(Path.Combine(Bundle, "webhead", "webhead"));

        var (code, output) = await InstallAsync("0.1.0-first");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("webhead/webhead is missing"));
        Assert.That(Directory.Exists(Path.Combine(Root, "opt")), Is.False);
    }

    [Test]
    public async Task Install_UnitMissingOrTwo_ChangesNothing([Values] bool two)
    {
        if (two) File.WriteAllText(Path.Combine(Bundle, "systemd", "syncstorage-other.service"), "");
        else File.Delete(Path.Combine(Bundle, "systemd", "syncstorage-webhead.service"));

        var (code, output) = await InstallAsync("0.1.0-first");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("must have one unit"));
        Assert.That(Directory.Exists(Path.Combine(Root, "opt")), Is.False);
    }

    [Test]
    public async Task Install_TokenServer_IsInstalledUnderItsName()
    {
        Directory.Delete(Path.Combine(Bundle, "systemd"), recursive: true);
        Directory.Move(Path.Combine(Bundle, "webhead"), Path.Combine(Bundle, "tokenserver"));
        File.Move(Path.Combine(Bundle, "tokenserver", "webhead"), Path.Combine(Bundle, "tokenserver", "tokenserver"));
        Directory.CreateDirectory(Path.Combine(Bundle, "systemd"));
        File.Copy(Path.Combine(RepositoryRoot(), "src", "TokenServer", "bundle", "systemd", "syncstorage-tokenserver.service"), Path.Combine(Bundle, "systemd", "syncstorage-tokenserver.service"));

        var (code, output) = await InstallAsync("0.1.0-first");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, output);
            Assert.That(File.GetUnixFileMode(Path.Combine(Root, "opt", "syncstorage", "tokenserver", "tokenserver")).HasFlag(UnixFileMode.UserExecute), Is.True);
            Assert.That(File.ReadAllText(Path.Combine(Root, "systemctl.log")), Does.Contain("enable syncstorage-tokenserver.service"));
            Assert.That(File.ReadAllText(Path.Combine(Root, "etc", "systemd", "system", "syncstorage-tokenserver.service")),
                Does.Contain("ExecStart=/opt/syncstorage/tokenserver/tokenserver serve").And.Contain("/etc/syncstorage/tokenserver.env"));
        }
    }

    [TestCase("", "SYNCSTORAGE_RELEASE must name the release")]
    [TestCase("a;b", "a character that no release has")]
    public async Task Install_NoProperRelease_IsRefused(string release, string message)
    {
        var (code, output) = await InstallAsync(release);

        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain(message));
    }

    private async Task<(int Code, string Output)> InstallAsync(string release)
    {
        // A systemctl that only notes what it was asked for: the real one must not be touched by a test.
        var tools = Directory.CreateDirectory(Path.Combine(folder.FullName, "bin"));
        var systemctl = Path.Combine(tools.FullName, "systemctl");
        File.WriteAllText(systemctl, "#!/bin/sh\necho \"$@\" >> \"$DESTDIR/systemctl.log\"\n");
        File.SetUnixFileMode(systemctl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var script = ChildProcess.Start("/bin/sh", [Path.Combine(Bundle, "install.sh")], new Dictionary<string, string>
        {
            ["PATH"] = $"{tools.FullName}:/usr/bin:/bin",
            ["DESTDIR"] = Root,
            ["SYNCSTORAGE_RELEASE"] = release,
        });
        return (await script.WaitAsync(), script.Output);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SyncStorage.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
