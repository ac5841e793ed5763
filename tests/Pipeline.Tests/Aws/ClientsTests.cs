using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken.Model;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Tests.Aws;

public sealed class ClientsTests
{
    private const string Instances = """<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><reservationSet/></DescribeInstancesResponse>""";
    private const string Balancers = """<DescribeLoadBalancersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/"><DescribeLoadBalancersResult><LoadBalancerDescriptions/></DescribeLoadBalancersResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DescribeLoadBalancersResponse>""";
    private const string Terminated = """<TerminateInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><instancesSet/></TerminateInstancesResponse>""";
    private const string Throttled = """<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors><RequestID>r</RequestID></Response>""";
    private const string Denied = """<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation</Message></Error></Errors><RequestID>r</RequestID></Response>""";
    private const string Identity = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/me</Arn><UserId>me</UserId><Account>111111111111</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>""";

    private readonly CallRecorder recorder = new();

    [Test]
    public async Task Calls_EndpointOverride_SignsForTheRegionAndIsCounted()
    {
        var network = new FakeNetwork((HttpStatusCode.OK, Instances));
        using var clients = Local(network);

        await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None);

        var request = network.Requests.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.RequestUri!.GetLeftPart(UriPartial.Authority), Is.EqualTo("http://127.0.0.1:4599"));
            Assert.That(Header(request, "Authorization"), Does.Contain("/eu-west-1/ec2/aws4_request"));
            Assert.That(Header(request, "User-Agent"), Does.Contain("app/syncstorage-deploy-"));
            Assert.That(recorder.Calls.ByOperation, Is.EqualTo((OperationCalls[])[new("ec2", "DescribeInstances", CallKind.Reading, 1, 0, 0)]));
        }
    }

    [Test]
    public async Task Calls_ThroughAStandIn_AreCountedToo()
    {
        using var clients = Local(new FakeNetwork((HttpStatusCode.OK, Balancers)));

        await clients.LoadBalancing.DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest(), CancellationToken.None);

        Assert.That(recorder.Calls.ByOperation, Is.EqualTo((OperationCalls[])[new("elb", "DescribeLoadBalancers", CallKind.Reading, 1, 0, 0)]));
    }

    [Test]
    public async Task Calls_Throttled_AreRetriedAndCountOnce()
    {
        using var clients = Local(new FakeNetwork((HttpStatusCode.ServiceUnavailable, Throttled), (HttpStatusCode.OK, Instances)));

        await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None);

        Assert.That(recorder.Calls.ByOperation.Single(), Is.EqualTo(new OperationCalls("ec2", "DescribeInstances", CallKind.Reading, 1, 1, 0)));
    }

    [Test]
    public async Task Calls_OfTwoFactories_AreCountedApart()
    {
        var other = new CallRecorder();
        using var one = Local(new FakeNetwork((HttpStatusCode.OK, Instances)));
        using var two = new Clients(() => Target, other) { Network = new FakeNetwork((HttpStatusCode.OK, Instances)) };

        await one.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None);

        Assert.That(recorder.Calls.Reading, Is.EqualTo(1));
        Assert.That(other.Calls.Reading, Is.Zero);
    }

    [Test]
    public async Task Calls_WithinAPoll_AreToldApart()
    {
        using var clients = Local(new FakeNetwork((HttpStatusCode.OK, Instances)));

        await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None);
        using (CallRecorder.Polling())
            await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None);

        Assert.That((recorder.Calls.Reading, recorder.Calls.Polls), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task Refusal_Explained_NamesOperationAndNextStep()
    {
        using var clients = Local(new FakeNetwork((HttpStatusCode.Forbidden, Denied)));

        var thrown = await Assert.ThrowsAsync(Is.InstanceOf<AmazonServiceException>(), () => clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None));
        var error = Failures.Explain(new AggregateException(thrown!));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Code, Is.EqualTo(ErrorCode.AwsRefused));
            Assert.That(error.Message, Is.EqualTo("AWS refused ec2:DescribeInstances: UnauthorizedOperation: You are not authorized to perform this operation."));
            Assert.That(error.Hint, Does.Contain("--target=Deployer-Policy"));
        }
    }

    [Test]
    public async Task Unreachable_Explained_SaysWhichCallAndWhereTo()
    {
        var refused = new HttpRequestException("Connection refused (127.0.0.1:4599)", new SocketException((int)SocketError.ConnectionRefused));
        using var clients = Local(new FakeNetwork { Failure = refused }, retries: 0);

        var thrown = await Assert.CatchAsync(() => clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None));
        var error = Failures.Explain(thrown!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Code, Is.EqualTo(ErrorCode.AwsUnreachable));
            Assert.That(error.Message, Is.EqualTo("AWS could not be reached for ec2:DescribeInstances: Connection refused (127.0.0.1:4599)."));
            Assert.That(error.Hint, Does.Contain("Local-Cloud-Stop"));
        }
    }

    [Test]
    public async Task NoAnswer_Explained_SaysSoAndIsNoInterruption()
    {
        var silence = new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout of 60 seconds elapsing.", new TimeoutException("The operation was canceled."));
        using var clients = Local(new FakeNetwork { Failure = silence }, retries: 1);

        var thrown = await Assert.CatchAsync(() => clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), CancellationToken.None));
        var error = Failures.Explain(thrown!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Code, Is.EqualTo(ErrorCode.AwsUnreachable));
            Assert.That(error.Message, Does.Contain("ec2:DescribeInstances"));
        }
    }

    [Test]
    public async Task Presign_HttpEndpoint_KeepsTheScheme()
    {
        using var clients = Local(new FakeNetwork());
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());

        var url = await clients.S3.PresignAsync(HttpVerb.GET, "sync2-bucket", "bundles/a.tar.gz", TimeSpan.FromMinutes(15), time);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(url.GetLeftPart(UriPartial.Path), Is.EqualTo("http://127.0.0.1:4599/sync2-bucket/bundles/a.tar.gz"));
            Assert.That(url.Query, Does.Contain("eu-west-1%2Fs3"));
        }
    }

    [Test]
    public async Task S3_EndpointOverride_UsesThePath()
    {
        var network = new FakeNetwork((HttpStatusCode.OK, "body"));
        using var clients = Local(network);

        using var got = await clients.S3.GetObjectAsync(new GetObjectRequest { BucketName = "sync2-bucket", Key = "config/current.json" }, CancellationToken.None);

        Assert.That(network.Requests.Single().RequestUri!.AbsolutePath, Is.EqualTo("/sync2-bucket/config/current.json"));
    }

    [Test]
    public async Task Clients_OnAws_UseTheRegionsEndpoints()
    {
        var network = new FakeNetwork((HttpStatusCode.OK, Identity));
        using var clients = new Clients(() => Target with { Endpoint = null }, recorder) { Network = network };

        await clients.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), CancellationToken.None);

        Assert.That(network.Requests.Single().RequestUri!.Host, Is.EqualTo("sts.eu-west-1.amazonaws.com"));
    }

    [TestCase("s3", typeof(GetObjectMetadataRequest), "s3", "HeadObject", CallKind.Reading)]
    [TestCase("SSM", typeof(Amazon.SimpleSystemsManagement.Model.SendCommandRequest), "ssm", "SendCommand", CallKind.Remote)]
    [TestCase("SSM", typeof(Amazon.SimpleSystemsManagement.Model.GetParameterRequest), "ssm", "GetParameter", CallKind.Reading)]
    [TestCase("EC2", typeof(RunInstancesRequest), "ec2", "RunInstances", CallKind.Mutating)]
    [TestCase("Elastic Load Balancing", typeof(Amazon.ElasticLoadBalancing.Model.RegisterInstancesWithLoadBalancerRequest), "elb", "RegisterInstancesWithLoadBalancer", CallKind.Mutating)]
    public void CallKinds_Operation_IsNamedAndSorted(string serviceId, Type request, string service, string operation, CallKind kind)
    {
        var name = CallKinds.NameOf(serviceId, request);

        Assert.That(name, Is.EqualTo((service, operation)));
        Assert.That(CallKinds.Of(name.Service, name.Operation), Is.EqualTo(kind));
    }

    private static AwsTarget Target { get; } = new(new Uri("http://127.0.0.1:4599"), "eu-west-1", "000000000000", new BasicAWSCredentials("AKIATEST", "secret"), IsLocal: true);

    [Test]
    public async Task Guard_CallThatIsRetried_IsAskedBeforeEachAttempt()
    {
        var asked = new List<(CallKind, string)>();
        recorder.Guard = (kind, operation, _) =>
        {
            asked.Add((kind, operation));
            return Task.CompletedTask;
        };
        using var clients = Local(new FakeNetwork((HttpStatusCode.ServiceUnavailable, Throttled), (HttpStatusCode.OK, Terminated)));

        await clients.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = ["i-1"] }, CancellationToken.None);

        Assert.That(asked, Is.EqualTo(Enumerable.Repeat((CallKind.Mutating, "ec2:TerminateInstances"), 2)));
    }

    [Test]
    public void Guard_Refuses_NothingIsSentAndNothingRetried()
    {
        recorder.Guard = (_, _, _) => throw new PipelineException(ErrorCode.LockLost, "lost");
        var network = new FakeNetwork((HttpStatusCode.OK, Terminated));
        using var clients = Local(network);

        Assert.That(
            () => clients.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = ["i-1"] }, CancellationToken.None),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.LockLost));
        Assert.That(network.Requests, Is.Empty);
    }

    [Test]
    public async Task Calls_OfState_CountApart()
    {
        using var clients = Local(new FakeNetwork((HttpStatusCode.OK, Terminated)));

        using (CallRecorder.StateCalls()) await clients.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = ["i-1"] }, CancellationToken.None);

        Assert.That((recorder.Calls.Mutating, recorder.Calls.State), Is.EqualTo((0, 1)));
    }

    private Clients Local(FakeNetwork network, int? retries = null) => new(() => Target, recorder) { Network = network, RetriesOfTests = retries };

    private static string Header(HttpRequestMessage request, string name) => string.Join(' ', request.Headers.NonValidated[name]);
}
