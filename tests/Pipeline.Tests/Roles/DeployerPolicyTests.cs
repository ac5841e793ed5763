using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Settings;

namespace SyncStorage.Pipeline.Tests.Roles;

/// <summary>The policy of whoever deploys has every action that the pipeline calls, and none that it does not.</summary>
public sealed partial class DeployerPolicyTests
{
    private const string Update = "SYNCSTORAGE_UPDATE_POLICY";

    /// <summary>Inline policies of a role may have so many characters, white space aside.</summary>
    private const int MostCharacters = 10_240;

    /// <summary>S3's actions, and those that AWS calls otherwise than the SDK does; null for what needs no permission.</summary>
    private static readonly Dictionary<string, string?> Renamed = new()
    {
        ["GetCallerIdentity"] = null,
        ["GetPreSignedUrl"] = null,

        // A certificate is made on LocalCloud alone, for its operator.
        ["UploadServerCertificate"] = null,
        ["GetServerCertificate"] = null,
        ["ListServerCertificates"] = null,
        ["DeleteServerCertificate"] = null,

        // Nor does anybody else have a hosted zone there.
        ["CreateHostedZone"] = null,
        ["DeleteHostedZone"] = null,
        ["PutBucket"] = "CreateBucket",
        ["HeadBucket"] = "ListBucket",
        ["ListObjectsV2"] = "ListBucket",
        ["GetObjectMetadata"] = "GetObject",
        ["DeleteObjects"] = "DeleteObject",
        ["GetPublicAccessBlock"] = "GetBucketPublicAccessBlock",
        ["PutPublicAccessBlock"] = "PutBucketPublicAccessBlock",
        ["GetBucketEncryption"] = "GetEncryptionConfiguration",
        ["PutBucketEncryption"] = "PutEncryptionConfiguration",
    };

    /// <summary>What other calls need besides their own action.</summary>
    private static readonly string[] Implied = ["PassRole", "TagResource"];

    private static readonly EnvironmentSettings Example = new SettingsLoader(TestFolders.Environments).Load("production.example", []).Settings;

    private static EnvironmentSettings WithNodeOnEc2 => Example with { Dbnodes = [.. Example.Dbnodes, Example.Dbnodes[0] with { Name = "db9", Backend = "ec2", MultiAz = false }] };

    [Test]
    public void Document_OfTheExample_IsTheOneThatIsCommitted()
    {
        var file = Path.Combine(TestFolders.Environments, "..", "..", "docs", "deployer-policy.json");
        var document = DeployerPolicy.Of(Example).Document;

        if (Environment.GetEnvironmentVariable(Update) == "1") File.WriteAllText(file, document);

        Assert.That(File.Exists(file) ? File.ReadAllText(file) : "", Is.EqualTo(document), $"The policy has changed: run this test once with {Update}=1.");
    }

    [Test]
    public void Actions_All_AreThoseThatThePipelineCalls()
    {
        var called = Called();
        var needed = called.Select(operation => Renamed.GetValueOrDefault(operation, operation)).OfType<string>().ToHashSet();
        var allowed = Actions(DeployerPolicy.Of(WithNodeOnEc2).Document).Select(Name).ToHashSet();
        var dependent = DependentActions.ByCall.Values.SelectMany(actions => actions).Select(Name);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(needed.Except(allowed), Is.Empty, "calls that the policy does not allow");
            Assert.That(allowed.Except(needed).Except(Implied).Except(dependent), Is.Empty, "actions that nobody calls");
        }
    }

    [Test]
    public void DependentActions_All_AreAllowedAndOfACallThatThePipelineMakes()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DependentActions.ByCall.Keys, Is.SubsetOf(Called()));
            Assert.That(DependentActions.ByCall.Values.SelectMany(actions => actions), Is.SubsetOf(Actions(DeployerPolicy.Of(Example).Document)));
        }
    }

    [Test]
    public void DependentActions_OfTheExample_AreNarrowedToItsNamesAndVpc()
    {
        var statements = Statements(DeployerPolicy.Of(Example).Compact).ToDictionary(statement => (string)statement["Sid"]!, statement => statement.ToJsonString());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(statements["FinalSnapshots"], Does.Contain("""["arn:aws:rds:eu-west-1:123456789012:db:sync2-*","arn:aws:rds:eu-west-1:123456789012:snapshot:sync2-*"]"""));
            Assert.That(statements["CacheInterfaces"], Does.Contain("""{"ArnEqualsIfExists":{"ec2:Vpc":"arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0a1b2c3d4e5f60718"}}"""));
            Assert.That(DeployerPolicy.Of(Example with { Network = new NetworkSettings() }).Document, Does.Not.Contain("ec2:Vpc"), "which is the default VPC the settings don't say");
        }
    }

    [Test]
    public void Document_Any_NamesNoOtherCluster()
    {
        var document = DeployerPolicy.Of(Example).Document;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(DeployerPolicy.Of(WithNodeOnEc2).Compact, Has.Length.LessThanOrEqualTo(MostCharacters));
            Assert.That(document, Does.Not.Contain("Volume").And.Not.Contain("RebootCacheCluster"), "what only dbnodes on EC2 need");
            Assert.That(Actions(document), Has.None.Contains("*"));
            Assert.That(Statements(document).Where(statement => (string?)statement["Resource"]?.ToString() == "*").Select(statement => (string?)statement["Sid"]), Is.EqualTo(new[] { "Look", "Figures" }));
        }
    }

    private static HashSet<string> Called() => [.. Directory.EnumerateFiles(Path.Combine(TestFolders.Environments, ".."), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(file => Request().Matches(File.ReadAllText(file))).Select(match => match.Groups["operation"].Value)];

    private static string Name(string action) => action.Split(':')[1];

    private static IEnumerable<JsonNode> Statements(string document) => JsonNode.Parse(document)!["Statement"]!.AsArray().Select(statement => statement!);

    private static IEnumerable<string> Actions(string document) =>
        Statements(document).SelectMany(statement => statement["Action"] is JsonArray several ? several.Select(action => (string)action!) : [(string)statement["Action"]!]).Distinct();

    [GeneratedRegex(@"new (?:Amazon\.\w+\.Model\.)?(?<operation>(?:Add|Apply|Attach|Authorize|Change|Configure|Create|Delete|Deregister|Describe|Detach|Filter|Get|Head|List|Modify|Put|Reboot|Register|Remove|Revoke|Run|Send|Set|Tag|Terminate|Update)\w+)Request\b")]
    private static partial Regex Request();
}
