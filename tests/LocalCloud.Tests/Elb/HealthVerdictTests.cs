using SyncStorage.LocalCloud.Services.Elb;

namespace SyncStorage.LocalCloud.Tests.Elb;

public class HealthVerdictTests
{
    private static readonly HealthCheckRecord Check = new("HTTP:8000/health", 10, 5, UnhealthyThreshold: 3, HealthyThreshold: 2);

    /// <summary>p: passed, f: failed, s: not running, t: terminated.</summary>
    [TestCase("", "OutOfService", "Instance registration is still in progress.")]
    [TestCase("p", "OutOfService", "Instance registration is still in progress.")]
    [TestCase("pp", "InService", "N/A")]
    [TestCase("pfp", "OutOfService", "Instance registration is still in progress.")]
    [TestCase("fff", "OutOfService", "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.")]
    [TestCase("fffp", "OutOfService", "Instance has not passed the configured HealthyThreshold number of health checks consecutively.")]
    [TestCase("fffpp", "InService", "N/A")]
    [TestCase("ppff", "InService", "N/A")]
    [TestCase("ppffpff", "InService", "N/A")]
    [TestCase("ppfff", "OutOfService", "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.")]
    [TestCase("s", "OutOfService", "Instance registration is still in progress.")]
    [TestCase("pps", "OutOfService", "Instance is in stopped state.")]
    [TestCase("ppsp", "OutOfService", "Instance has not passed the configured HealthyThreshold number of health checks consecutively.")]
    [TestCase("ppspp", "InService", "N/A")]
    [TestCase("ppt", "OutOfService", "Instance is in terminated state.")]
    public void Observe_Sequence_GivesAwsVerdict(string outcomes, string state, string description)
    {
        var verdict = new HealthVerdict(inService: false);

        foreach (var outcome in outcomes) verdict.Observe(Outcome(outcome), Check);

        Assert.That((verdict.Current.State, verdict.Current.Description), Is.EqualTo((state, description)));
    }

    [Test]
    public void Observe_RestoredInService_StaysUntilTheUnhealthyThreshold()
    {
        var verdict = new HealthVerdict(inService: true);

        verdict.Observe(ProbeOutcome.Failed, Check);
        verdict.Observe(ProbeOutcome.Failed, Check);
        var before = verdict.Current;
        verdict.Observe(ProbeOutcome.Failed, Check);

        Assert.That(before, Is.EqualTo(InstanceHealth.InService));
        Assert.That(verdict.Current, Is.EqualTo(InstanceHealth.Failed));
    }

    [TestCase("HTTP:8000/a?b=c", "HTTP", 8000, "/a?b=c")]
    [TestCase("tcp:22", "TCP", 22, "")]
    [TestCase("SSL:443", "SSL", 443, "")]
    public void TryParse_Target_GivesItsParts(string text, string protocol, int port, string path) =>
        Assert.That(HealthTarget.TryParse(text), Is.EqualTo(new HealthTarget(protocol, port, path)));

    [TestCase("HTTP:8000")]
    [TestCase("HTTP/8000")]
    [TestCase("TCP:8000/path")]
    [TestCase("TCP:70000")]
    [TestCase("FTP:21")]
    public void TryParse_NoTarget_GivesNull(string text) => Assert.That(HealthTarget.TryParse(text), Is.Null);

    private static ProbeOutcome Outcome(char letter) => letter switch
    {
        'p' => ProbeOutcome.Passed,
        'f' => ProbeOutcome.Failed,
        's' => ProbeOutcome.NotRunning,
        't' => ProbeOutcome.Terminated,
        _ => throw new ArgumentOutOfRangeException(nameof(letter)),
    };
}
