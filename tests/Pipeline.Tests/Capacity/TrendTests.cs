using SyncStorage.Pipeline.Capacity;

namespace SyncStorage.Pipeline.Tests.Capacity;

public sealed class TrendTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Of_StraightLine_TellsItsSlopeAndWhenItReachesALimit()
    {
        var trend = Trend.Of([.. Enumerable.Range(0, 5).Select(day => new Point(Start.AddDays(day), 100 + 10 * day))])!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(trend.PerDay, Is.EqualTo(10).Within(1e-9));
            Assert.That(trend.Reaches(60, Start.AddDays(4)), Is.EqualTo(Start.AddDays(10)));
            Assert.That(trend.Reaches(0, Start), Is.EqualTo(Start), "what is full is full now");
        }
    }

    [Test]
    public void Of_ScatteredGrowth_LiesAmongIt()
    {
        var trend = Trend.Of([new(Start, 0), new(Start.AddDays(1), 30), new(Start.AddDays(2), 20), new(Start.AddDays(3), 50)])!;

        Assert.That((trend.Now, trend.PerDay!.Value), Is.EqualTo((50d, 14d)).Within(1e-9));
    }

    [Test]
    public void Of_LooksOfAnHour_TellNoTrend()
    {
        var trend = Trend.Of([new(Start, 1), new(Start.AddHours(1), 1000)])!;

        Assert.That((trend.PerDay, trend.Reaches(1, Start)), Is.EqualTo(((double?)null, (DateTimeOffset?)null)));
    }

    [TestCase(-1d)]
    [TestCase(0d)]
    [TestCase(1e-9)]
    public void Reaches_NoGrowthOrHardlyAny_IsNeverWithinReason(double perDay) =>
        Assert.That(new Trend(10, perDay).Reaches(5, Start), Is.Null);

    [Test]
    public void Of_NothingSeen_IsNone() => Assert.That(Trend.Of([]), Is.Null);
}
