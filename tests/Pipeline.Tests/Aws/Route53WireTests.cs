using System.Net;
using System.Net.Http;
using System.Xml.Linq;
using Amazon.Route53;
using Amazon.Route53.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Tests.Aws;

/// <summary>What goes over the wire to Route 53: REST with XML, and signed for its own region.</summary>
public sealed class Route53WireTests
{
    private const string Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";
    private const string Changed = $"""<ChangeResourceRecordSetsResponse xmlns="{Namespace}"><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-01-02T03:04:05.678Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>""";
    private const string Refused = $"""<ErrorResponse xmlns="{Namespace}"><Error><Type>Sender</Type><Code>InvalidChangeBatch</Code><Message>[what is wrong]</Message></Error><RequestId>r</RequestId></ErrorResponse>""";
    private const string Listed = $"""<ListResourceRecordSetsResponse xmlns="{Namespace}"><ResourceRecordSets><ResourceRecordSet><Name>a.example.com.</Name><Type>A</Type><AliasTarget><HostedZoneId>Z1</HostedZoneId><DNSName>lb.</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet></ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>""";

    [TestCase("eu-west-1", "route53.amazonaws.com", "us-east-1")]
    [TestCase("cn-north-1", "route53.amazonaws.com.cn", "cn-northwest-1")]
    [TestCase("us-gov-east-1", "route53.us-gov.amazonaws.com", "us-gov-west-1")]
    public async Task Call_OfAnyRegion_GoesToTheOneEndpointAndIsSignedForItsRegion(string region, string host, string signedFor)
    {
        var network = new FakeNetwork((HttpStatusCode.OK, Listed));
        using var clients = Make(network, region);

        var answer = await clients.Route53.ListResourceRecordSetsAsync(new ListResourceRecordSetsRequest { HostedZoneId = "Z1", StartRecordName = "a&b.example.com", StartRecordType = RRType.A });

        var request = network.Requests.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.RequestUri!.ToString(), Is.EqualTo($"https://{host}/2013-04-01/hostedzone/Z1/rrset?name=a%26b.example.com&type=A"));
            Assert.That(request.Headers.GetValues("Authorization").Single(), Does.Contain($"/{signedFor}/route53/aws4_request"));
            Assert.That((answer.ResourceRecordSets[0].AliasTarget.EvaluateTargetHealth, answer.IsTruncated, answer.ResourceRecordSets[0].ResourceRecords), Is.EqualTo((true, false, (object?)null)));
        }
    }

    [Test]
    public async Task Change_AsSent_HasTheModelsOrder()
    {
        var network = new FakeNetwork((HttpStatusCode.OK, Changed));
        using var clients = Make(network, "eu-west-1");

        var answer = await clients.Route53.ChangeResourceRecordSetsAsync(Batch());

        var request = network.Requests.Single();
        var body = XElement.Parse(network.Bodies.Single());
        var set = body.Descendants(XName.Get("ResourceRecordSet", Namespace)).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((request.Method, request.RequestUri!.AbsolutePath), Is.EqualTo((HttpMethod.Post, "/2013-04-01/hostedzone/Z1/rrset/")));
            Assert.That(body.Name, Is.EqualTo(XName.Get("ChangeResourceRecordSetsRequest", Namespace)));
            Assert.That(set.Elements().Select(element => element.Name.LocalName), Is.EqualTo(new[] { "Name", "Type", "SetIdentifier", "TTL", "ResourceRecords" }));
            Assert.That(set.Value, Is.EqualTo("a.example.comTXTone300\"<&>\""));
            Assert.That((answer.ChangeInfo.Id, answer.ChangeInfo.Status), Is.EqualTo(("/change/C1", ChangeStatus.PENDING)));
        }
    }

    [Test]
    public async Task Refusal_AsItComes_IsTheServicesOwnException()
    {
        using var clients = Make(new FakeNetwork((HttpStatusCode.BadRequest, Refused)), "eu-west-1");

        var refusal = (await Assert.CatchAsync<AmazonRoute53Exception>(() => clients.Route53.ChangeResourceRecordSetsAsync(Batch())))!;

        Assert.That((refusal.ErrorCode, refusal.Message, refusal.StatusCode), Is.EqualTo(("InvalidChangeBatch", "[what is wrong]", HttpStatusCode.BadRequest)));
    }

    private static ChangeResourceRecordSetsRequest Batch() => new()
    {
        HostedZoneId = "Z1",
        ChangeBatch = new ChangeBatch
        {
            Changes =
            [
                new Change
                {
                    Action = ChangeAction.UPSERT,
                    ResourceRecordSet = new ResourceRecordSet { Name = "a.example.com", Type = RRType.TXT, SetIdentifier = "one", TTL = 300, ResourceRecords = [new ResourceRecord { Value = "\"<&>\"" }] },
                },
            ],
        },
    };

    private static Clients Make(FakeNetwork network, string region) =>
        new(() => new AwsTarget(null, region, "000000000000", new BasicAWSCredentials("AKIATEST", "secret"), IsLocal: false), new CallRecorder()) { Network = network };
}
