using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests.Moto;

/// <summary>Each way to come by credentials, as its owner would set it up. moto says as whom a run came: it knows the roles that it gave sessions of.</summary>
[Category(Categories.EndToEnd)]
public sealed class CredentialTests
{
    private const string Role = "arn:aws:iam::000000000000:role/deployer";

    /// <summary>The file of a sign-in is named for its session, by the SHA-1 of <c>company</c>.</summary>
    private const string CompanysToken = "71b21161ffa1e6516bcc072aaf5ef38cbe85b511.json";

    private MotoServer moto = null!;
    private Cluster cluster = null!;
    private string home = "";

    [OneTimeSetUp]
    public async Task StartMoto() => moto = await MotoServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopMoto()
    {
        if (moto is not null) await moto.DisposeAsync();
    }

    [SetUp]
    public async Task MakeHome()
    {
        cluster = new Cluster { Log = TestContext.Out };
        await cluster.MoveToAsync(MotoServer.Account);
        home = Path.Combine(Path.GetDirectoryName(cluster.SettingsFile)!, "home");
        Directory.CreateDirectory(Path.Combine(home, ".aws", "sso", "cache"));
        cluster.Environment["HOME"] = home;
        cluster.Environment["AWS_ENDPOINT_URL"] = $"{moto.Endpoint}";
        cluster.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        foreach (var name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE" }) cluster.Environment[name] = "";
    }

    [TearDown]
    public async Task RemoveHome() => await cluster.DisposeAsync();

    [Test]
    public async Task Run_ProfileOfAChainOfRoles_ComesAsTheLast()
    {
        await WriteConfigAsync("""
            [profile person]
            aws_access_key_id = somebody
            aws_secret_access_key = of nobody's
            [profile first]
            role_arn = arn:aws:iam::000000000000:role/first
            source_profile = person
            region = us-east-1
            [profile second]
            role_arn = arn:aws:iam::000000000000:role/second
            source_profile = first
            region = us-east-1
            """);

        var run = await cluster.RunAsync("History", "--set", "aws.profile=second");
        var onTop = await cluster.RunAsync("History", "--set", "aws.profile=first", "--set", $"aws.roleArn={Role}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, run.Output);
            Assert.That(run.Output, Does.Contain("account 000000000000 in us-east-1 as arn:aws:sts::000000000000:assumed-role/second/"));
            Assert.That(onTop.ExitCode, Is.Zero, onTop.Output);
            Assert.That(onTop.Output, Does.Contain("assumed-role/deployer/syncstorage-deploy-"));
        }
    }

    [Test]
    public async Task Run_ProfileThatSignsInWithSso_TakesTheSessionOrSaysHowToSignIn()
    {
        using var sts = new AmazonSecurityTokenServiceClient(new BasicAWSCredentials("somebody", "of nobody's"), new AmazonSecurityTokenServiceConfig { ServiceURL = $"{moto.Endpoint}", AuthenticationRegion = "us-east-1" });
        var session = (await sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = "arn:aws:iam::000000000000:role/AWSReservedSSO_deployer", RoleSessionName = "somebody" })).Credentials;
        await using var portal = new Issuer(path => !path.StartsWith("/federation/credentials?", StringComparison.Ordinal) || !path.Contains("role_name=deployer", StringComparison.Ordinal) ? null : new JsonObject
        {
            ["roleCredentials"] = new JsonObject
            {
                ["accessKeyId"] = session.AccessKeyId,
                ["secretAccessKey"] = session.SecretAccessKey,
                ["sessionToken"] = session.SessionToken,
                ["expiration"] = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds(),
            },
        });
        cluster.Environment["AWS_ENDPOINT_URL_SSO"] = $"{portal.Endpoint}";
        await WriteConfigAsync("""
            [sso-session company]
            sso_region = us-east-1
            sso_start_url = https://company.awsapps.com/start
            sso_registration_scopes = sso:account:access
            [profile person]
            sso_session = company
            sso_account_id = 000000000000
            sso_role_name = deployer
            region = us-east-1
            """);

        var before = await cluster.RunAsync("History", "--set", "aws.profile=person");
        await SignInAsync();
        var run = await cluster.RunAsync("History", "--set", "aws.profile=person");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.ExitCode, Is.EqualTo(1), before.Output);
            Assert.That(before.Output, Does.Contain("aws sso login"));
            Assert.That(run.ExitCode, Is.Zero, run.Output);
            Assert.That(run.Output, Does.Contain("assumed-role/AWSReservedSSO_deployer/somebody"));
        }
    }

    /// <summary>As far as preflight: it says what the session is worth, and what moto's zones and classes lack; one old zone of us-east-1 has no t3 on AWS either.</summary>
    [Test]
    public async Task Preflight_JobOfGitHub_AssumesTheRoleWithItsIdentity()
    {
        await using var github = new Issuer(path => path.EndsWith("audience=sts.amazonaws.com", StringComparison.Ordinal) ? new JsonObject { ["value"] = "a.identity.token" } : null);
        cluster.Environment["ACTIONS_ID_TOKEN_REQUEST_URL"] = $"{github.Endpoint}token?api-version=2.0";
        cluster.Environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = Issuer.Bearer;
        cluster.Environment["GITHUB_RUN_ID"] = "42";

        var stage = Workflows.CommandsOf("stage.yml", "stage")[^1];
        var (target, arguments) = Workflows.Expand(stage, new Dictionary<string, string> { ["TARGET"] = "Preflight", ["ENVIRONMENT"] = "production", ["AWS_ROLE_ARN"] = Role });
        var run = await cluster.RunAsync(target, arguments);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.Output);
            Assert.That(run.Output, Does.Contain("assumed-role/deployer/syncstorage-deploy-42").And.Contain("credentials: a session that is refreshed while it is used"));
            Assert.That(run.Output, Does.Contain("names that begin with sync2 are free").And.Contain("security groups may be made").And.Contain("can be launched"));
            Assert.That(run.Output, Does.Contain("SSD1108: 2 things stand in the way").And.Contain("t3.small can't be had in us-east-1e").And.Contain("\"subnetIds\": [\"subnet-"));
            Assert.That(run.Output, Does.Contain("RDS has no class db.t3.small"));
        }
    }

    [Test]
    public async Task Run_TokenInAFile_AssumesTheRoleAndNobodyIsSentAway()
    {
        var nobody = await cluster.RunAsync("History");
        var file = Path.Combine(home, "token");
        await File.WriteAllTextAsync(file, "a.identity.token");
        (cluster.Environment["AWS_WEB_IDENTITY_TOKEN_FILE"], cluster.Environment["AWS_ROLE_ARN"], cluster.Environment["AWS_ROLE_SESSION_NAME"]) = (file, Role, "pod");
        cluster.Environment["AWS_REGION"] = "us-east-1";

        var run = await cluster.RunAsync("History");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(nobody.ExitCode, Is.EqualTo(1), nobody.Output);
            Assert.That(nobody.Output, Does.Contain("SSD1101").And.Contain("there are no AWS credentials").And.Contain("aws.profile"));
            Assert.That(run.ExitCode, Is.Zero, run.Output);
            Assert.That(run.Output, Does.Contain("assumed-role/deployer/pod"));
        }
    }

    private Task WriteConfigAsync(string text) => File.WriteAllTextAsync(Path.Combine(home, ".aws", "config"), text);

    /// <summary>As <c>aws sso login</c> leaves it.</summary>
    private Task SignInAsync()
    {
        var token = new JsonObject
        {
            ["startUrl"] = "https://company.awsapps.com/start",
            ["region"] = "us-east-1",
            ["accessToken"] = Issuer.Bearer,
            ["expiresAt"] = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        };
        return File.WriteAllTextAsync(Path.Combine(home, ".aws", "sso", "cache", CompanysToken), token.ToJsonString());
    }
}
