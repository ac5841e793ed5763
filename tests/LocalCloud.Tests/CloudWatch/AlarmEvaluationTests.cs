using System.Globalization;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Alarms;

namespace SyncStorage.LocalCloud.Tests.CloudWatch;

/// <summary>The states of AWS's own table of missing data: 3 datapoints are looked at, 5 at most; the newest last.</summary>
public class AlarmEvaluationTests
{
    private const string Ok = "OK";
    private const string Alarm = "ALARM";
    private const string Insufficient = "INSUFFICIENT_DATA";

    // 0: well; X: breaching; -: missing.
    [TestCase("0-X-X", 3, "missing", Ok)]
    [TestCase("0-X-X", 2, "missing", Alarm)]
    [TestCase("0----", 3, "missing", Ok)]
    [TestCase("0----", 3, "ignore", Ok)]
    [TestCase("0----", 3, "breaching", Ok)]
    [TestCase("0----", 3, "notBreaching", Ok)]
    [TestCase("-----", 3, "missing", Insufficient)]
    [TestCase("-----", 3, "ignore", null)]
    [TestCase("-----", 3, "breaching", Alarm)]
    [TestCase("-----", 3, "notBreaching", Ok)]
    [TestCase("0XX-X", 3, "missing", Alarm)]
    [TestCase("----X", 3, "missing", Alarm)]
    [TestCase("----X", 3, "ignore", null)]
    [TestCase("----X", 3, "breaching", Alarm)]
    [TestCase("----X", 3, "notBreaching", Ok)]
    [TestCase("--0XX", 2, "missing", Alarm)]
    [TestCase("XXX00", 2, "missing", Ok)]
    public void Judge_Datapoints_AsAwsDoes(string points, int toAlarm, string missing, string? expected)
    {
        var rule = Rule(toAlarm, missing);
        var values = points.Reverse().Select((point, back) => (1000L - (60 * back), point switch { '0' => 0.0, 'X' => 9.0, _ => (double?)null })).ToList();

        var verdict = AlarmEvaluation.Judge(rule, values);

        Assert.That(verdict.State, Is.EqualTo(expected), verdict.Reason);
    }

    [Test]
    public void Judge_Breaching_SaysWhichDatapointsAndWhichThreshold()
    {
        var verdict = AlarmEvaluation.Judge(Rule(1, "missing"), [(1_795_000_000, 12.5), (1_794_999_940, 1), (1_794_999_880, 1)]);

        Assert.That(verdict.Reason, Does.StartWith("Threshold Crossed: 1 out of the last 3 datapoints [12.5 (").And.Contains("was greater than the threshold (5) (minimum 1 datapoint for OK -> ALARM transition)"));
    }

    [TestCase("""{"ComparisonOperator":"Above"}""", "must be one of")]
    [TestCase("""{"DatapointsToAlarm":4}""", "less than or equal to the parameter EvaluationPeriods")]
    [TestCase("""{"Statistic":null}""", "Exactly one of Statistic")]
    [TestCase("""{"Period":45}""", "multiple of 60")]
    [TestCase("""{"EvaluationPeriods":20000}""", "seven days")]
    [TestCase("""{"TreatMissingData":"guess"}""", "must be one of")]
    public void Parse_Invalid_SaysWhatAndWhy(string change, string reason)
    {
        var settings = Settings(3, "missing");
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) settings[name] = value?.DeepClone();

        Assert.That(() => AlarmRule.Parse(settings), Throws.TypeOf<AwsException>().With.Message.Contains(reason));
    }

    private static AlarmRule Rule(int toAlarm, string missing) => AlarmRule.Parse(Settings(toAlarm, missing));

    private static JsonObject Settings(int toAlarm, string missing) => JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $$"""
        {"Namespace":"A","MetricName":"b","Statistic":"Average","Period":60,"EvaluationPeriods":3,"DatapointsToAlarm":{{toAlarm}},"Threshold":5,
         "ComparisonOperator":"GreaterThanThreshold","TreatMissingData":"{{missing}}"}
        """))!.AsObject();
}
