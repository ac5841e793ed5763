using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Tests.CloudWatch;

public class MetricMathTests
{
    [TestCase("100 * (a + b) / c", 1.0, 2.0, 60.0, 5.0)]
    [TestCase("a - b - c", 1.0, 2.0, 3.0, -4.0)]
    [TestCase("-a * -b", 2.0, 3.0, 0.0, 6.0)]
    [TestCase("a / c", 1.0, 0.0, 0.0, null)]
    [TestCase("a + b", 1.0, null, 0.0, null)]
    [TestCase("a + FILL(b, 0)", 1.0, null, 0.0, 1.0)]
    [TestCase("IF(c > 20, 100 * FILL(a, 0) / c, 0)", 5.0, 0.0, 50.0, 10.0)]
    [TestCase("IF(c > 20, 100 * FILL(a, 0) / c, 0)", 5.0, 0.0, 10.0, 0.0)]
    [TestCase("IF(c > 20, 100 * FILL(a, 0) / c, 0)", 5.0, 0.0, null, null)]
    [TestCase("IF(a <= b, c)", 1.0, 1.0, 7.0, 7.0)]
    [TestCase("IF(a != b, c)", 1.0, 1.0, 7.0, null)]
    public void Evaluate_Expression_IsCloudWatchs(string expression, double? a, double? b, double? c, double? expected)
    {
        var value = MetricMath.Parse(expression).Evaluate(id => id switch { "a" => a, "b" => b, _ => c });

        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("a +")]
    [TestCase("(a")]
    [TestCase("a b")]
    [TestCase("SEARCH(a)")]
    public void Parse_WhatIsNone_SaysWhy(string expression)
    {
        Assert.That(() => MetricMath.Parse(expression), Throws.TypeOf<FormatException>().With.Message.Contains(expression));
    }
}

public class FiguresTests
{
    [Test]
    public void Statistic_OfManyValues_IsRightToOnePercent()
    {
        var figures = new Figures();
        for (var i = 1; i <= 1000; i++) figures.Add(i / 1000.0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(figures.Statistic("SampleCount"), Is.EqualTo(1000));
            Assert.That(figures.Statistic("Average"), Is.EqualTo(0.5005).Within(1e-9));
            Assert.That(figures.Statistic("Minimum"), Is.EqualTo(0.001));
            Assert.That(figures.Statistic("Maximum"), Is.EqualTo(1));
            Assert.That(figures.Statistic("p50"), Is.EqualTo(0.5).Within(1).Percent);
            Assert.That(figures.Statistic("p99.9"), Is.EqualTo(0.999).Within(1).Percent);
            Assert.That(figures.Statistic("p100"), Is.EqualTo(1));
            Assert.That(figures.Statistic("tm99"), Is.Null);
        }
    }

    [Test]
    public void Add_OtherFigures_KeepsTheirDistribution()
    {
        var (slow, fast) = (new Figures(), new Figures());
        slow.Add(10);
        fast.Add(0, 99);

        fast.Add(slow);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fast.Statistic("p50"), Is.Zero);
            Assert.That(fast.Statistic("p99.5"), Is.EqualTo(10).Within(1).Percent);
            Assert.That(fast.Count, Is.EqualTo(100));
        }
    }
}
