using System.Runtime.Versioning;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Rds;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Rds;

/// <summary>The empty data directory that databases start from, made by an installer that leaves two files and counts its runs.</summary>
[Category(Categories.Processes)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[SupportedOSPlatform("linux")]
public sealed class MariaDbTemplateTests : IDisposable
{
    private static readonly Dictionary<string, string> Variables = new() { ["PATH"] = "/usr/bin:/bin" };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("template-test-");

    [Test]
    public async Task Get_AnotherLocalCloudHasMadeIt_TakesThatOne()
    {
        var first = await GetAsync("one", Cache);
        var second = await GetAsync("two", Cache);

        Assert.That((second, Runs), Is.EqualTo((first, 1)));
        Assert.That(first, Does.StartWith(Cache));
        Assert.That(new DirectoryInfo(first).UnixFileMode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead), Is.EqualTo(UnixFileMode.None));
    }

    [Test]
    public async Task Get_WhatIsThereLacksAFile_IsMadeAnew()
    {
        var template = await GetAsync("one", Cache);
        File.Delete(Path.Combine(template, "ibdata1"));

        await GetAsync("one", Cache);

        Assert.That(Runs, Is.EqualTo(2));
        Assert.That(File.Exists(Path.Combine(template, "ibdata1")));
        Assert.That(Directory.GetDirectories(Path.GetDirectoryName(template)!), Is.EqualTo([template]), "nothing unfinished is left");
    }

    [Test]
    public async Task Get_BothAtOnce_BothHaveOne()
    {
        var templates = await Task.WhenAll(GetAsync("one", Cache), GetAsync("two", Cache));

        Assert.That(templates, Has.All.EqualTo(templates[0]));
        Assert.That(File.Exists(Path.Combine(templates[0], "ibdata1")));
    }

    [TestCase(true, TestName = "Get_OthersMayWriteInTheCache_IsMadeForThisLocalCloudAlone")]
    [TestCase(false, TestName = "Get_NoCache_IsMadeForThisLocalCloudAlone")]
    public async Task Get_NoCacheOfOnesOwn_IsMadeForThisLocalCloudAlone(bool has)
    {
        var shared = Directory.CreateDirectory(Path.Combine(Cache, "syncstorage-localcloud"));
        shared.UnixFileMode |= UnixFileMode.OtherWrite;

        var template = await GetAsync("one", has ? Cache : null);

        Assert.That(template, Does.StartWith(State("one")));
        Assert.That(shared.EnumerateFileSystemInfos(), Is.Empty);
    }

    [Test]
    public async Task Get_InstallerFails_SaysWhatItSaid()
    {
        var failure = await Assert.ThrowsAsync<DatabaseFailedException>(() => GetAsync("one", Cache, "echo no room; exit 3"));

        Assert.That(failure!.Message, Does.Contain("ended with 3").And.Contain("no room"));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Cache => Path.Combine(folder.FullName, "cache");

    private int Runs => File.ReadAllLines(Path.Combine(folder.FullName, "runs")).Length;

    private string State(string name) => Path.Combine(folder.FullName, name);

    private async Task<string> GetAsync(string cloud, string? cache, string? script = null)
    {
        var installer = Path.Combine(folder.FullName, script is null ? "install" : "fail");
        if (!File.Exists(installer))
        {
            // At once: it has to be there for whoever comes next.
            File.WriteAllText(installer, script is not null ? $"#!/bin/sh\n{script}\n" : $"""
                #!/bin/sh
                echo run >> {folder.FullName}/runs
                for argument; do case $argument in --datadir=*) data=$(echo "$argument" | cut -d= -f2);; esac; done
                mkdir "$data" && echo empty > "$data/ibdata1" && mkdir "$data/mysql" && echo accounts > "$data/mysql/global_priv.MAD"

                """);
            File.SetUnixFileMode(installer, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        using var template = new MariaDbTemplate(new MariaDbFiles(State(cloud)), new ProcessHost(TimeProvider.System), cache, TimeProvider.System);
        return await template.GetAsync(new MariaDbPrograms("/bin/sh", installer), Variables, CancellationToken.None);
    }
}
