using System.Globalization;
using System.Xml.Linq;

namespace SyncStorage.Build.Project;

/// <summary>What one test project's run found.</summary>
/// <param name="Project">The test assembly's name.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed; a run that broke off counts as one more.</param>
/// <param name="Skipped">Tests that were found and not run.</param>
/// <param name="Failures">Which failed, and why.</param>
public sealed record TestResults(string Project, int Passed, int Failed, int Skipped, IReadOnlyList<TestFailure> Failures)
{
    /// <summary>Which were skipped, and why.</summary>
    public IReadOnlyList<(string Test, string Reason)> SkippedTests { get; init; } = [];

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Reads a results file of the test platform.</summary>
    public static TestResults Read(string path)
    {
        var run = XDocument.Load(path).Root!;
        var summary = run.Element(Trx + "ResultSummary")!;
        var counters = summary.Element(Trx + "Counters")!;
        var passed = Count(counters, "passed");
        var executed = Count(counters, "executed");
        var failures = run.Descendants(Trx + "UnitTestResult")
            .Where(result => (string?)result.Attribute("outcome") is "Failed" or "Error" or "Timeout" or "Aborted")
            .Select(Failure).ToList();

        // A crash ends a run early: what did run may all have passed.
        var brokeOff = summary.Descendants(Trx + "RunInfo")
            .Where(info => (string?)info.Attribute("outcome") is "Error")
            .Select(info => new TestFailure("(the run itself)", ((string?)info.Element(Trx + "Text") ?? "").Trim(), ""))
            .ToList();
        var failed = executed - passed;
        if (failed == 0 && brokeOff.Count > 0)
            failed = 1;

        var skipped = run.Descendants(Trx + "UnitTestResult")
            .Where(result => (string?)result.Attribute("outcome") is "NotExecuted")
            .Select(Failure).Select(one => (one.Test, one.Message)).ToList();
        return new TestResults(ProjectOf(run, path), passed, failed, Count(counters, "total") - executed, [.. failures, .. brokeOff])
        {
            SkippedTests = skipped,
        };
    }

    private static TestFailure Failure(XElement result)
    {
        var error = result.Element(Trx + "Output")?.Element(Trx + "ErrorInfo");
        return new TestFailure(
            (string?)result.Attribute("testName") ?? "?",
            ((string?)error?.Element(Trx + "Message") ?? "").Trim(),
            ((string?)error?.Element(Trx + "StackTrace") ?? "").Trim());
    }

    private static string ProjectOf(XElement run, string path) =>
        run.Descendants(Trx + "TestMethod").Select(method => (string?)method.Attribute("codeBase")).FirstOrDefault() is { } assembly
            ? Path.GetFileNameWithoutExtension(assembly)
            : Path.GetFileNameWithoutExtension(path);

    private static int Count(XElement counters, string name) =>
        int.Parse(counters.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}

/// <summary>A test that failed.</summary>
public sealed record TestFailure(string Test, string Message, string StackTrace);
