using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Network;

public sealed class LoadBalancerPlanTests
{
    private static readonly DesiredLoadBalancer Desired = new(
        "sync2-lb", [new DesiredListener("HTTP", 8080, 8000)], 8000, ["subnet-a", "subnet-b"], "sg-lb", new HealthCheckSettings(), DrainSeconds: 300, IdleSeconds: 60, ResourceTags.Of("sync2", "lb"));

    [Test]
    public void Compare_NoneThere_CreatesThenSetsCheckAndAttributes()
    {
        var parts = LoadBalancerPlan.Compare(Desired, null, "sync2").Keys;

        Assert.That(parts, Is.EqualTo([LoadBalancerPart.Existence, LoadBalancerPart.HealthCheck, LoadBalancerPart.Attributes]));
    }

    [Test]
    public void Compare_WebheadsAreToBeSpokenToByTls_ListenersAndHealthCheckChangeAndNothingElse()
    {
        var encrypted = Desired with { Listeners = [new DesiredListener("HTTP", 8080, 8000, InstanceProtocol: "HTTPS")] };

        var differences = LoadBalancerPlan.Compare(encrypted, Observed(), "sync2");

        Assert.That(
            differences.SelectMany(part => part.Value).Select(value => $"{value}"),
            Is.EqualTo(["listener HTTP 8080 to HTTP 8000 → HTTP 8080 to HTTPS 8000", "health check HTTP:8000/__heartbeat__ → HTTPS:8000/__heartbeat__"]));
    }

    [Test]
    public void Compare_AsWanted_NeedsNothing() => Assert.That(LoadBalancerPlan.Compare(Desired, Observed(), "sync2"), Is.Empty);

    public static IEnumerable<TestCaseData<LoadBalancerPart, Action<ObservedLoadBalancer>>> Drifts()
    {
        yield return new(LoadBalancerPart.Listeners, seen => seen.Description.ListenerDescriptions[0].Listener.InstancePort = 81);
        yield return new(LoadBalancerPart.Listeners, seen => seen.Description.ListenerDescriptions = null);
        yield return new(LoadBalancerPart.Groups, seen => seen.Description.SecurityGroups.Add("sg-other"));
        yield return new(LoadBalancerPart.Subnets, seen => seen.Description.Subnets.RemoveAt(0));
        yield return new(LoadBalancerPart.HealthCheck, seen => seen.Description.HealthCheck.Target = "TCP:8000");
        yield return new(LoadBalancerPart.HealthCheck, seen => seen.Description.HealthCheck.UnhealthyThreshold = 10);
        yield return new(LoadBalancerPart.Attributes, seen => seen.Attributes.ConnectionDraining.Enabled = false);
        yield return new(LoadBalancerPart.Attributes, seen => seen.Attributes.ConnectionSettings.IdleTimeout = 3600);
    }

    [TestCaseSource(nameof(Drifts))]
    public void Compare_Drift_OnlyThatPart(LoadBalancerPart part, Action<ObservedLoadBalancer> drift)
    {
        var observed = Observed();
        drift(observed);

        Assert.That(LoadBalancerPlan.Compare(Desired, observed, "sync2").Keys, Is.EqualTo([part]));
    }

    [Test]
    public void Compare_NoneThereWithHttps_SetsThePolicyToo()
    {
        var parts = LoadBalancerPlan.Compare(DesiredHttps, null, "sync2");

        Assert.That(parts.Keys, Is.EqualTo([LoadBalancerPart.Existence, LoadBalancerPart.TlsPolicy, LoadBalancerPart.HealthCheck, LoadBalancerPart.Attributes]));
        Assert.That(parts[LoadBalancerPart.Existence][0].To, Is.EqualTo("HTTP 8080 to HTTP 8000, HTTPS 8443 to HTTP 8000"));
    }

    [Test]
    public void Compare_HttpsAsWanted_NeedsNothing() => Assert.That(LoadBalancerPlan.Compare(DesiredHttps, ObservedHttps(), "sync2"), Is.Empty);

    [Test]
    public void Compare_FromPlainToHttps_AddsTheListenerWithItsPolicy() =>
        Assert.That(LoadBalancerPlan.Compare(DesiredHttps, Observed(), "sync2").Keys, Is.EqualTo([LoadBalancerPart.Listeners, LoadBalancerPart.TlsPolicy]));

    [Test]
    public void Compare_AnotherCertificate_IsNoNewListener()
    {
        var observed = ObservedHttps();
        observed.Description.ListenerDescriptions[0].Listener.SSLCertificateId = "arn:other";

        var parts = LoadBalancerPlan.Compare(DesiredHttps, observed, "sync2");

        Assert.That(parts.Keys, Is.EqualTo([LoadBalancerPart.Certificate]));
        Assert.That($"{parts[LoadBalancerPart.Certificate][0]}", Does.Contain("arn:other").And.Contain("arn:cert"));
    }

    [Test]
    public void Compare_AnotherPolicy_OnlyThePolicy()
    {
        var observed = ObservedHttps();
        observed.Description.ListenerDescriptions[0].PolicyNames = ["ELBSecurityPolicy-2016-08"];

        Assert.That(LoadBalancerPlan.Compare(DesiredHttps, observed, "sync2").Keys, Is.EqualTo([LoadBalancerPart.TlsPolicy]));
    }

    [Test]
    public void Compare_OfSomebodyElse_IsRefused()
    {
        var observed = Observed() with { Tags = new Dictionary<string, string>() };

        Assert.That(() => LoadBalancerPlan.Compare(Desired, observed, "sync2"), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.NotOurs));
    }

    [TestCase(8000, false, true, ExpectedResult = true)]
    [TestCase(8001, false, true, ExpectedResult = false)]
    [TestCase(8001, true, true, ExpectedResult = true)]
    [TestCase(8001, false, false, ExpectedResult = true)]
    public bool RequireSamePort_WebheadsAreRegistered_WantsApprovalForAnother(int port, bool approved, bool registered)
    {
        var observed = Observed();
        observed.Description.Instances = registered ? [new Instance { InstanceId = "i-1" }] : null;
        try
        {
            LoadBalancerPlan.RequireSamePort(port, observed, approved, "sync2");
            return true;
        }
        catch (PipelineException refused) when (refused.Code == ErrorCode.DowntimeNotApproved)
        {
            return false;
        }
    }

    private static DesiredLoadBalancer DesiredHttps => Desired with
    {
        Listeners = [new DesiredListener("HTTPS", 8443, 8000, "arn:cert", "ELBSecurityPolicy-TLS-1-2-2017-01"), new DesiredListener("HTTP", 8080, 8000)],
    };

    private static ObservedLoadBalancer ObservedHttps()
    {
        var observed = Observed();
        observed.Description.ListenerDescriptions.Insert(0, new ListenerDescription
        {
            Listener = new Listener { Protocol = "HTTPS", LoadBalancerPort = 8443, InstanceProtocol = "HTTP", InstancePort = 8000, SSLCertificateId = "arn:cert" },
            PolicyNames = ["SyncStorage-ELBSecurityPolicy-TLS-1-2-2017-01"],
        });
        return observed;
    }

    private static ObservedLoadBalancer Observed() => new(
        new LoadBalancerDescription
        {
            ListenerDescriptions = [new ListenerDescription { Listener = new Listener { Protocol = "HTTP", LoadBalancerPort = 8080, InstanceProtocol = "HTTP", InstancePort = 8000 } }],
            SecurityGroups = ["sg-lb"],
            Subnets = ["subnet-b", "subnet-a"],
            HealthCheck = new HealthCheck { Target = "HTTP:8000/__heartbeat__", Interval = 10, Timeout = 5, HealthyThreshold = 3, UnhealthyThreshold = 3 },
        },
        new LoadBalancerAttributes
        {
            ConnectionDraining = new ConnectionDraining { Enabled = true, Timeout = 300 },
            ConnectionSettings = new ConnectionSettings { IdleTimeout = 60 },
            CrossZoneLoadBalancing = new CrossZoneLoadBalancing { Enabled = true },
        },
        ResourceTags.Of("sync2", "lb").Values);
}
