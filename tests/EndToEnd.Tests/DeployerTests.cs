using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Route53;
using Amazon.Route53.Model;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>The least-privilege policy is enough for a cluster's whole life, and no action of it is for nothing; the roles of instances are as narrow.</summary>
[Category(Categories.EndToEnd)]
public sealed class DeployerTests
{
    private const string User = "deployer";

    /// <summary>What only a deployment needs that goes wrong, or settings that change in rare ways. A test of the pipeline's finds their calls in the source.</summary>
    private static readonly string[] Rare =
    [
        "ec2:GetConsoleOutput", "elasticache:ModifyCacheCluster", "elasticache:ModifyCacheSubnetGroup", "elasticache:ModifyCacheParameterGroup", "elasticache:DescribeCacheParameters",
        "elasticloadbalancing:AddTags", "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer", "elasticloadbalancing:AttachLoadBalancerToSubnets",
        "elasticloadbalancing:CreateLoadBalancerListeners", "elasticloadbalancing:DeleteLoadBalancerListeners", "elasticloadbalancing:DetachLoadBalancerFromSubnets",
        "iam:DeleteRolePermissionsBoundary", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:UpdateAssumeRolePolicy", "rds:ModifyDBSubnetGroup", "elasticache:ListTagsForResource",
        "rds:ListTagsForResource",

        // Asked where no subnet is a default one, for what to say of it.
        "ec2:DescribeVpcs",

        // The zone is looked for by its name.
        "route53:GetHostedZone",

        // What AWS makes in the caller's name with a cache's nodes, where it does; here it does not.
        "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",

        // A bucket is encrypted from the beginning.
        "s3:PutEncryptionConfiguration",
    ];

    [Test]
    public async Task Deployer_WithTheLeastPolicy_MakesChangesAndRemovesACluster()
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        await cluster.StartCloudAsync();
        var policy = "";
        var names = await MakeZoneAsync(cluster);
        await cluster.ActAsAsync(User, async () => policy = await PolicyAsync(cluster, names));

        await cluster.ExpectAsync(0, "Deploy", Plans.Settings);
        await RolesAreEnforcedAsync(cluster);
        await Plans.AreCarriedOutAsync(cluster);
        await cluster.ExpectAsync(0, "Deploy", [.. names, "--set", "webheads.instanceType=t3.medium", "--set", "webheads.count=3"]);
        foreach (var target in new[] { "History", "Heal", "Smoke-Test" }) await cluster.ExpectAsync(0, target, [.. names, "--exclusive"]);
        await cluster.ExpectAsync(0, "Destroy", [.. names, "--approve=sync2"]);

        using var control = new Control(cluster);
        var used = await control.UsedAsync(User);
        Assert.That(Actions(policy).Except(used).Except(Rare), Is.Empty, "actions that nobody needed");
    }

    [Test]
    public async Task Deployer_WithoutOneRight_IsToldWhichAndWhereThePolicyIs()
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        await cluster.StartCloudAsync();
        await cluster.ActAsAsync(User, async () => (await PolicyAsync(cluster)).Replace("\"ec2:CreateSecurityGroup\"", "\"ec2:DescribeVpcs\"", StringComparison.Ordinal));

        var run = await cluster.RunAsync("Deploy");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.Output);
            Assert.That(Unwrapped(run.Output), Does.Contain("user/deployer is not authorized to perform: ec2:CreateSecurityGroup").And.Contain("docs/deployer-policy.json").And.Contain("nothing has been made or changed"));
        }
    }

    /// <summary>A webhead reads what it needs, or the deployment would have failed; here is what it may not.</summary>
    private static async Task RolesAreEnforcedAsync(Cluster cluster)
    {
        var (_, _, credentials) = cluster.Connection();
        using var ec2 = new AmazonEC2Client(credentials, cluster.Configured(new AmazonEC2Config()));
        var webheads = await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Filter("tag:Role", ["webhead"]), new Filter("instance-state-name", ["running"])] });
        using var ssm = new AmazonSimpleSystemsManagementClient(await CredentialsOfAsync(webheads.Reservations[0].Instances[0]), cluster.Configured(new AmazonSimpleSystemsManagementConfig()));

        var own = await ssm.GetParametersAsync(new GetParametersRequest { Names = ["/sync2/db/db0/app", "/sync2/secrets/sync0.localhost"], WithDecryption = true });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(own.Parameters, Has.Count.EqualTo(2));
            foreach (var name in new[] { "/sync2/db/db0/master", "/sync2/master-secret" })
            {
                var refusal = await Assert.CatchAsync<AmazonServiceException>(() => ssm.GetParameterAsync(new GetParameterRequest { Name = name }));
                Assert.That((refusal!.ErrorCode, refusal.Message), Is.EqualTo(("AccessDeniedException", $"User: arn:aws:sts::000000000000:assumed-role/sync2-webhead/{webheads.Reservations[0].Instances[0].InstanceId} is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter{name} because no identity-based policy allows the ssm:GetParameter action")));
            }
        }
    }

    /// <summary>The credentials of an instance, as its own programs get them.</summary>
    private static async Task<AWSCredentials> CredentialsOfAsync(Instance instance)
    {
        const int MetadataPort = 1338;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{instance.PrivateIpAddress}:{MetadataPort}/latest/") };
        using var session = new HttpRequestMessage(HttpMethod.Put, "api/token") { Headers = { { "X-aws-ec2-metadata-token-ttl-seconds", "60" } } };
        using var token = await http.SendAsync(session);
        http.DefaultRequestHeaders.Add("X-aws-ec2-metadata-token", await token.Content.ReadAsStringAsync());
        var role = await http.GetStringAsync(new Uri("meta-data/iam/security-credentials/", UriKind.Relative));
        var issued = JsonNode.Parse(await http.GetStringAsync(new Uri($"meta-data/iam/security-credentials/{role}", UriKind.Relative)))!;
        return new SessionAWSCredentials((string)issued["AccessKeyId"]!, (string)issued["SecretAccessKey"]!, (string)issued["Token"]!);
    }

    /// <summary>An account has its hosted zone before the first deployment, and whoever resolves names there finds it.</summary>
    /// <returns>The settings that say so.</returns>
    private static async Task<string[]> MakeZoneAsync(Cluster cluster)
    {
        using var names = new AmazonRoute53Client(cluster.Connection().Credentials, cluster.Configured(new AmazonRoute53Config()));
        await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "localhost", CallerReference = "1" });
        var endpoint = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(cluster.StateDirectory, "endpoint.json")))!;
        return ["--set", "dns.zone=localhost", "--set", $"dns.resolver={endpoint["nameServer"]}"];
    }

    private static async Task<string> PolicyAsync(Cluster cluster, params string[] settings)
    {
        await cluster.ExpectAsync(0, "Deployer-Policy", settings);
        return await File.ReadAllTextAsync(Path.Combine(cluster.Checkout, "artifacts", "deployer-policy.json"));
    }

    private static IEnumerable<string> Actions(string policy) => JsonNode.Parse(policy)!["Statement"]!.AsArray()
        .SelectMany(statement => statement!["Action"] is JsonArray several ? several.Select(action => (string)action!) : [(string)statement["Action"]!]).Distinct();

    private static string Unwrapped(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
