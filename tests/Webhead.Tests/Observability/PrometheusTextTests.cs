using SyncStorage.Webhead.Observability;

namespace SyncStorage.Webhead.Tests.Observability;

[TestFixture]
internal sealed class PrometheusTextTests
{
    [Test]
    public void Add_NumbersAndLabels_WritesTheFormat()
    {
        var text = new PrometheusText()
            .Add("a_total", "counter", "As.", 7)
            .Add("b", "gauge", "Bs.", "name", [("x\"y\\z\n", 0.5)])
            .ToString();

        Assert.That(text, Is.EqualTo(
            "# HELP a_total As.\n# TYPE a_total counter\na_total 7\n# HELP b Bs.\n# TYPE b gauge\nb{name=\"x\\\"y\\\\z\\n\"} 0.5\n"));
    }

    [Test]
    public void Cumulative_DurationsOfAllSizes_CountsEachOnceInItsBucketAndAbove()
    {
        var series = new RequestSeries();

        foreach (var milliseconds in (double[])[0.5, 1, 1.1, 700, 60_000]) series.Add(TimeSpan.FromMilliseconds(milliseconds));

        var counts = series.Cumulative();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((counts[0], counts[1], counts[^2], counts[^1], series.Count), Is.EqualTo((2, 3, 4, 5, 5)));
            Assert.That(series.Total, Is.EqualTo(TimeSpan.FromMilliseconds(60_702.6)));
        }
    }
}
