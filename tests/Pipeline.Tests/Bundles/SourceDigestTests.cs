using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Pipeline.Tests.Bundles;

public sealed class SourceDigestTests
{
    private readonly string root = Directory.CreateTempSubdirectory("sources-").FullName;

    [SetUp]
    public void WriteSources()
    {
        Write("global.json", "{}");
        Write("src/Webhead/Program.cs", "one");
    }

    [TearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [TestCase("docs/operations.md")]
    [TestCase("src/Webhead/bin/Release/webhead.dll")]
    [TestCase("src/Webhead/obj/project.assets.json")]
    [TestCase("pipeline/Waiter.cs")]
    public void Of_WhatIsNoSourceChanges_StaysTheSame(string path)
    {
        var before = Digest();

        Write(path, "other");

        Assert.That(Digest(), Is.EqualTo(before));
    }

    [TestCase("src/Webhead/Program.cs")]
    [TestCase("src/SyncClient/New.cs")]
    [TestCase("src/ServiceHost/bundle/install.sh")]
    [TestCase("global.json")]
    [TestCase("Directory.Packages.props")]
    public void Of_SourceChanges_Changes(string path)
    {
        var before = Digest();

        Write(path, "other");

        Assert.That(Digest(), Is.Not.EqualTo(before));
    }

    [Test]
    public void Of_AnotherArchitecture_IsAnother() => Assert.That(SourceDigest.Of(root, "arm64"), Is.Not.EqualTo(Digest()));

    private string Digest() => SourceDigest.Of(root, "x86_64");

    private void Write(string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
