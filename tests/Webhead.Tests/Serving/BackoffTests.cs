using System.Globalization;
using Microsoft.AspNetCore.Http;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Tests.Serving;

[TestFixture]
internal sealed class BackoffTests
{
    [Test]
    public void Apply_NothingTold_AddsNothing()
    {
        var headers = new HeaderDictionary();

        Backoff(new BackoffSettings()).Apply(headers, overloaded: false);

        Assert.That(headers, Is.Empty);
    }

    [Test]
    public void Apply_Overloaded_AsksToStayAwayForAMoment()
    {
        var seconds = Values(Backoff(new BackoffSettings()), overloaded: true);

        Assert.That(seconds, Is.All.InRange(30, 35));
    }

    [TestCase(1800, 1890)]
    [TestCase(10, 15)]
    public void Apply_ToldSo_FuzzesUpAndNeverDown(int told, int most)
    {
        var seconds = Values(Backoff(new BackoffSettings(Probability: 1, RetryAfterSeconds: told)), overloaded: false);

        Assert.That(seconds, Is.All.InRange(told, most));
        Assert.That(seconds.Distinct().Count(), Is.GreaterThan(3));
    }

    [TestCase(0, 0)]
    [TestCase(0.5, 500)]
    [TestCase(1, 1000)]
    public void TurnsAway_Probability_IsTheShare(double probability, int expected)
    {
        var backoff = Backoff(new BackoffSettings(UnavailableProbability: probability));

        var turnedAway = Enumerable.Range(0, 1000).Count(_ => backoff.TurnsAway);

        Assert.That(turnedAway, Is.EqualTo(expected).Within(60));
    }

    private static List<int> Values(Backoff backoff, bool overloaded) => [.. Enumerable.Range(0, 200).Select(_ =>
    {
        var headers = new HeaderDictionary();
        backoff.Apply(headers, overloaded);
        Assert.That(headers["X-Backoff"], Is.EqualTo(headers["X-Weave-Backoff"]));
        return int.Parse(headers["X-Weave-Backoff"].ToString(), CultureInfo.InvariantCulture);
    })];

    private static Backoff Backoff(BackoffSettings settings) => new(settings, new Random(4711));
}
