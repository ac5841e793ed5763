using SyncStorage.Build.Project;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Tests.Project;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TestResultsTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    [Test]
    public void Read_Results_CountsAndNamesFailures()
    {
        Write(total: 5, executed: 4, passed: 3, """
            <UnitTestResult testName="Adds_Two_Four" outcome="Passed"/>
            <UnitTestResult testName="Adds_Big_Overflows" outcome="Failed">
              <Output><ErrorInfo><Message>  Expected: 4 </Message><StackTrace>at X()</StackTrace></ErrorInfo></Output>
            </UnitTestResult>
            """);

        var results = TestResults.Read(file);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Project, Is.EqualTo("Sample.Tests"));
            Assert.That((results.Passed, results.Failed, results.Skipped), Is.EqualTo((3, 1, 1)));
            Assert.That(results.Failures, Is.EqualTo([new TestFailure("Adds_Big_Overflows", "Expected: 4", "at X()")]));
            Assert.That(TestRun.LastLine([results, results]), Is.EqualTo("6 passed, 2 failed, 2 skipped"));
        }
    }

    [Test]
    public void Read_RunBrokeOff_CountsAsAFailure()
    {
        Write(total: 2, executed: 2, passed: 2, "", """<RunInfos><RunInfo outcome="Error"><Text>The host crashed.</Text></RunInfo></RunInfos>""");

        var results = TestResults.Read(file);

        Assert.That(TestRun.LastLine([results]), Is.EqualTo("2 passed, 1 failed"));
        Assert.That(results.Failures.Single().Message, Is.EqualTo("The host crashed."));
    }

    [TestCase(3, 0, 0, true)]
    [TestCase(3, 1, 1, false)]
    [TestCase(0, 0, 0, false)]
    [TestCase(3, 0, 1, false)]
    public void Judge_Results_SucceedsOnlyIfTestsRanAndNoneFailed(int passed, int failed, int code, bool succeeds)
    {
        TestResults[] results = [new("A.Tests", passed, failed, 0, [])];

        Assert.That(
            () => TestRun.Judge(results, code),
            succeeds ? Throws.Nothing : Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.TestsFailed));
    }

    public void Dispose() => File.Delete(file);

    private void Write(int total, int executed, int passed, string results, string infos = "") => File.WriteAllText(file, $"""
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>{results}</Results>
          <TestDefinitions><UnitTest><TestMethod codeBase="/x/Sample.Tests.dll"/></UnitTest></TestDefinitions>
          <ResultSummary outcome="Completed">
            <Counters total="{total}" executed="{executed}" passed="{passed}" failed="{executed - passed}"/>{infos}
          </ResultSummary>
        </TestRun>
        """);
}
