using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Amazon.Runtime;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Tests.Reporting;

public sealed class FailuresTests
{
    [Test]
    public void Explain_Wrapped_ComesBackAsItIs()
    {
        var failure = new PipelineException(ErrorCode.Stuck, "Stuck.");

        var explained = Failures.Explain(new AggregateException(new InvalidOperationException("task failed", failure)));

        Assert.That(explained, Is.SameAs(failure));
    }

    [Test]
    public void Explain_Cancelled_IsInterrupted()
    {
        Assert.That(Failures.Explain(new TaskCanceledException()).Code.ExitCodeOf(), Is.EqualTo(130));
    }

    // What a cancelled request says of the connection that it closed is no failure to reach anybody.
    [Test]
    public async Task Explain_RequestIsCancelled_IsInterrupted()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var interruption = new CancellationTokenSource();
        var answer = http.GetAsync(new Uri($"http://{silent.LocalEndpoint}/"), interruption.Token);
        using var connection = await silent.AcceptTcpClientAsync();
        await connection.GetStream().ReadExactlyAsync(new byte[4]);

        await interruption.CancelAsync();

        var cancelled = await Assert.CatchAsync<OperationCanceledException>(() => answer);
        Assert.That(Failures.Explain(cancelled!).Code, Is.EqualTo(ErrorCode.Interrupted), $"{cancelled}");
    }

    [Test]
    public void Explain_CancelledWhileTheConnectionBroke_IsInterrupted()
    {
        var broken = new HttpRequestException("An error occurred while sending the request.", new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely."));

        Assert.That(Failures.Explain(new TaskCanceledException("A task was canceled.", broken)).Code, Is.EqualTo(ErrorCode.Interrupted));
    }

    [Test]
    public void Explain_NoAnswerInTime_IsUnreachable()
    {
        var late = new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException("The operation was canceled."));

        Assert.That(Failures.Explain(late).Code, Is.EqualTo(ErrorCode.AwsUnreachable));
    }

    [Test]
    public void Explain_DiskFull_SaysSo()
    {
        var error = Failures.Explain(new IOException("No space left on device : '/tmp/x'", 28));

        Assert.That(error.Code, Is.EqualTo(ErrorCode.FileSystem));
        Assert.That(error.Message, Does.StartWith("No space is left on the disk"));
    }

    private static readonly Exception[] BrokenConnections =
    [
        new IOException("Unable to read data from the transport connection: Connection reset by peer.", new SocketException((int)SocketError.ConnectionReset)),
        new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely."),
        new TimeoutException("The operation was canceled."),
    ];

    [TestCaseSource(nameof(BrokenConnections))]
    public void Explain_ConnectionBreaks_NamesTheCall(Exception broken)
    {
        broken.Data["syncstorage.operation"] = "ec2:RunInstances";

        var error = Failures.Explain(broken);

        Assert.That(error.Code, Is.EqualTo(ErrorCode.AwsUnreachable));
        Assert.That(error.Message, Does.StartWith("AWS could not be reached for ec2:RunInstances: "));
    }

    [Test]
    public void Explain_NoCredentials_IsTheWrongAccount()
    {
        var error = Failures.Explain(new AmazonClientException("Failed to resolve AWS credentials."));

        Assert.That(error.Code, Is.EqualTo(ErrorCode.WrongAccount));
    }

    [TestCase("RequestExpired", "ec2", HttpStatusCode.BadRequest)]
    [TestCase("ExpiredToken", "s3", HttpStatusCode.BadRequest)]
    [TestCase("ExpiredToken", "elb", HttpStatusCode.Forbidden)]
    [TestCase("ExpiredTokenException", "ssm", HttpStatusCode.BadRequest)]
    public void Explain_CredentialsExpired_TellsToSignInAgain(string code, string service, HttpStatusCode status)
    {
        var refusal = new AmazonServiceException("It has expired.", innerException: null, ErrorType.Sender, code, "r", status);
        refusal.Data["syncstorage.operation"] = $"{service}:Describe";

        var error = Failures.Explain(refusal);

        Assert.That((error.Code, error.Hint), Is.EqualTo((ErrorCode.WrongAccount, "The credentials have expired: sign in again, and run the same command; it goes on where it was.")));
    }

    [TestCase("UnauthorizedOperation", "You are not authorized to perform this operation. User: arn:aws:iam::1:user/ci is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:1:subnet/subnet-1 because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: AbC",
        "AWS refused ec2:RunInstances: arn:aws:iam::1:user/ci may not do ec2:RunInstances on arn:aws:ec2:eu-west-1:1:subnet/subnet-1, because no identity-based policy allows the ec2:RunInstances action (UnauthorizedOperation).")]
    [TestCase("AccessDenied", "User: arn:aws:iam::1:user/ci is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/sync2/sync2-webhead with an explicit deny in a permissions boundary",
        "AWS refused ec2:RunInstances: arn:aws:iam::1:user/ci may not do iam:PassRole on arn:aws:iam::1:role/sync2/sync2-webhead, with an explicit deny in a permissions boundary (AccessDenied).")]
    [TestCase("AccessDenied", "Access Denied", "AWS refused ec2:RunInstances: AccessDenied: Access Denied.")]
    public void Explain_NotAuthorized_SaysWhoMayNotDoWhatAndWhereThePolicyIs(string code, string message, string expected)
    {
        var refusal = new AmazonServiceException(message, innerException: null, ErrorType.Sender, code, "r", HttpStatusCode.Forbidden);
        refusal.Data["syncstorage.operation"] = "ec2:RunInstances";

        var error = Failures.Explain(refusal);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((error.Code, error.Message), Is.EqualTo((ErrorCode.AwsRefused, expected)));
            Assert.That(error.Hint, Does.Contain("docs/deployer-policy.json").And.Contain("--target=Deployer-Policy"));
        }
    }

    [Test]
    public void Explain_FailureOfAwsItself_TellsToWait()
    {
        var error = Failures.Explain(new AmazonServiceException("Oops.", innerException: null, ErrorType.Receiver, "InternalError", "r", HttpStatusCode.InternalServerError));

        Assert.That((error.Code, error.Hint), Is.EqualTo((ErrorCode.AwsRefused, "AWS has a failure of its own: wait (https://health.aws.amazon.com), and run the same command; it goes on where it was.")));
    }

    [Test]
    public void Explain_AnythingElse_IsAFaultOfTheProgram()
    {
        var error = Failures.Explain(new InvalidOperationException("oops"));

        Assert.That(error.Code, Is.EqualTo(ErrorCode.Unexpected));
        Assert.That(error.Message, Is.EqualTo("InvalidOperationException: oops"));
    }

    [Test]
    public void Codes_All_AreUniqueAndHaveADocumentedExitCode()
    {
        var codes = Enum.GetValues<ErrorCode>();

        Assert.That(codes.Select(code => code.Printed()), Is.Unique);
        Assert.That(codes.Select(code => code.ExitCodeOf()), Is.All.AnyOf(1, 2, 3, 4, 5, 6, 7, 130));
    }
}
