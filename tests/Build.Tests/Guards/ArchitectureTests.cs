namespace SyncStorage.Build.Tests.Guards;

/// <summary>One direction: build, then pipeline, then the clients; nothing points back.</summary>
public sealed class ArchitectureTests
{
    private const string CakeFrosting = "src/StandIns/Cake.Frosting/Cake.Frosting.csproj";
    private const string CakeDocker = "src/StandIns/Cake.Docker/Cake.Docker.csproj";

    [Test]
    public void Src_References_KnowNeitherBuildNorPipeline()
    {
        var wrong = SourceTree.References
            .Where(project => project.Key.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(project => project.Value.Where(reference => !reference.StartsWith("src/", StringComparison.Ordinal)).Select(reference => $"{project.Key} -> {reference}"));

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Pipeline_References_KnowNoCakeAndStartProgramsOnly()
    {
        var references = SourceTree.References["pipeline/Pipeline.csproj"];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(references, Does.Not.Contain(CakeFrosting).And.Not.Contain(CakeDocker));
            Assert.That(references, Does.Not.Contain("src/LocalCloud/LocalCloud.csproj"));
            Assert.That(references, Does.Not.Contain("src/Webhead/Webhead.csproj"));
            Assert.That(references, Does.Not.Contain("build/Build.csproj"));
        }
    }

    [Test]
    public void Cake_References_AreOfBuildAlone()
    {
        var users = SourceTree.References.Where(project => project.Value.Contains(CakeFrosting)).Select(project => project.Key);

        Assert.That(users, Is.EquivalentTo(["build/Build.csproj", "tests/Build.Tests/Build.Tests.csproj"]));
    }

    [Test]
    public void Build_References_ArePipelineAndCake()
    {
        Assert.That(SourceTree.References["build/Build.csproj"], Is.EquivalentTo(["pipeline/Pipeline.csproj", CakeFrosting, CakeDocker]));
    }

    /// <summary>The bootstrap does not look at the services when it decides whether the build is up to date.</summary>
    [Test]
    public void Build_EverythingItNeeds_IsNotTheWebhead()
    {
        var needed = new HashSet<string>();
        var open = new Queue<string>(["build/Build.csproj", "src/LocalCloud/LocalCloud.csproj"]);
        while (open.TryDequeue(out var project))
        {
            if (needed.Add(project))
                SourceTree.References[project].ToList().ForEach(open.Enqueue);
        }

        Assert.That(needed, Has.Count.GreaterThan(5).And.None.StartsWith("src/Webhead/").And.None.StartsWith("src/ServiceHost/").And.None.StartsWith("src/TokenServer/").And.None.StartsWith("src/DatabaseNode/"));
    }

    [Test]
    public void Projects_All_AreInTheSolution()
    {
        var solution = SourceTree.Read("SyncStorage.slnx");

        Assert.That(SourceTree.References.Keys.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)), Is.Empty);
    }
}
