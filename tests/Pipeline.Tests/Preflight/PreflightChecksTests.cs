using Amazon.Runtime;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Preflight;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Preflight;

public sealed class PreflightChecksTests
{
    [Test]
    public void Run_SeveralProblems_NamesAllWithTheirRemedies()
    {
        var checks = Checks(Says("a", new Problem("One is wrong.", "Mend one.")), Says("b", new Problem("Two is wrong.", "Mend two.")), Says("c", new Problem("One is wrong.", "Mend one.")));

        Assert.That(() => checks.RequireAsync(CancellationToken.None), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.PreflightFailed)
            .And.Message.EqualTo("2 things stand in the way:\n  1. One is wrong. Mend one.\n  2. Two is wrong. Mend two."));
    }

    [Test]
    public void Run_OneProblem_IsTheMessageAndItsRemedyTheHint()
    {
        var checks = Checks(Says("a"), Says("b", new Problem("Two is wrong.", "Mend two.")));

        Assert.That(() => checks.RequireAsync(CancellationToken.None), Throws.TypeOf<PipelineException>().With.Message.EqualTo("Two is wrong.").And.Property("Hint").EqualTo("Mend two."));
    }

    [Test]
    public async Task Run_WhatMayNotBeAsked_IsANoticeAndNoProblem()
    {
        var progress = new RecordingProgress();

        await Checks(progress, Failing("quotas", new AmazonServiceException("not you") { ErrorCode = "AccessDenied" })).RequireAsync(CancellationToken.None);

        Assert.That(progress.Lines, Is.EqualTo((string[])["! quotas: can't be checked, AccessDenied: not you"]));
    }

    [Test]
    public void Run_CheckThatFailsWithAHint_IsAProblemBesideTheOthers()
    {
        var checks = Checks(
            Failing("network", new PipelineException(ErrorCode.UnfitNetwork, "The region has no default VPC.", hint: "Name one in network.vpcId.")), Says("b", new Problem("Two is wrong.", "Mend two.")));

        Assert.That(() => checks.RequireAsync(CancellationToken.None), Throws.TypeOf<PipelineException>().With.Message.Contains("1. The region has no default VPC. Name one in network.vpcId.").And.Message.Contains("2. Two is wrong."));
    }

    [Test]
    public void Run_AwsDoesNotAnswer_EndsThere() =>
        Assert.That(
            () => Checks(Failing("a", new PipelineException(ErrorCode.AwsUnreachable, "no answer")), Says("b", new Problem("Two is wrong.", ""))).RequireAsync(CancellationToken.None),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.AwsUnreachable));

    private static PreflightChecks Checks(params IPreflightCheck[] checks) => Checks(new RecordingProgress(), checks);

    private static PreflightChecks Checks(RecordingProgress progress, params IPreflightCheck[] checks) => new(checks, progress);

    private static FakeCheck Says(string about, params Problem[] problems) => new(about, () => CheckResult.Of($"{about} is well", problems));

    private static FakeCheck Failing(string about, Exception exception) => new(about, () => throw exception);

    private sealed class FakeCheck(string about, Func<CheckResult> run) : IPreflightCheck
    {
        public string About => about;

        public Task<CheckResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(run());
    }
}
