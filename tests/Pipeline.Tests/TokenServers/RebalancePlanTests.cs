using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Tests.TokenServers;

public sealed class RebalancePlanTests
{
    private static readonly TokenNode Full = new("https://sync0", 1000, 90, Backoff: false, Downed: false);
    private static readonly TokenNode AlsoFull = new("https://sync1", 1000, 30, Backoff: false, Downed: false);
    private static readonly TokenNode Other = new("https://sync2", 1000, 10, Backoff: false, Downed: false);

    [Test]
    public void Of_AShareOfADbnode_TakesFromEachByWhatItHasInSteps()
    {
        var steps = RebalancePlan.Of(Request(share: 50, step: 20), [Closed(Full), Closed(AlsoFull)], [Other]);

        Assert.That(steps, Is.EqualTo(new RebalanceStep[] { new("https://sync0", 20), new("https://sync1", 15), new("https://sync0", 20), new("https://sync0", 5) }));
    }

    [TestCase(1, new[] { 1, 0 })]
    [TestCase(119, new[] { 89, 29 }, 1)]
    [TestCase(120, new[] { 90, 30 })]
    public void Of_ACount_IsExactWhateverRoundingLeaves(int users, int[] least, int over = 0)
    {
        var steps = RebalancePlan.Of(Request(users), [Closed(Full), Closed(AlsoFull)], [Other]);

        var shares = new[] { Full, AlsoFull }.Select(node => steps.Where(step => step.Node == node.Node).Sum(step => step.Users)).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(shares.Sum(), Is.EqualTo(users));
            Assert.That(shares[0] - least[0], Is.EqualTo(over));
            Assert.That(shares[1], Is.EqualTo(least[1]));
        }
    }

    [Test]
    public void Of_NobodyThere_IsNothing() =>
        Assert.That(RebalancePlan.Of(Request(share: 100), [Full with { Load = 0 }], [Other]), Is.Empty);

    [Test]
    public void Of_ASmallShareOfFew_IsOneAtLeast() =>
        Assert.That(RebalancePlan.Of(Request(share: 1), [Closed(Full with { Load = 3 })], [Other]).Sum(step => step.Users), Is.EqualTo(1));

    [TestCase(91, 1000, 10, false, "has 90 users, and 91 can't leave it")]
    [TestCase(80, 60, 10, false, "room for 50 users, and 80 are to leave")]
    [TestCase(1, 1000, 10, true, "room for 0 users")]
    [TestCase(41, 1000, 10, false, "would be the least loaded then")]
    public void Of_WhatMakesNoSense_IsRefused(int users, int capacity, int load, bool closed, string says)
    {
        var other = Other with { Capacity = capacity, Load = load, Backoff = closed };

        Assert.That(
            () => RebalancePlan.Of(Request(users), [Full], [other]),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.RebalanceRefused).And.Message.Contains(says));
    }

    [Test]
    public void Of_AsManyAsMakeThemEqual_IsAsManyAsCanLeave() =>
        Assert.That(RebalancePlan.Of(Request(users: 40), [Full], [Other]).Sum(step => step.Users), Is.EqualTo(40));

    [Test]
    public void Of_ANodeThatTakesNobodyIn_MayBecomeEmpty() =>
        Assert.That(RebalancePlan.Of(Request(share: 100), [Closed(Full)], [Other]).Sum(step => step.Users), Is.EqualTo(90));

    private static TokenNode Closed(TokenNode node) => node with { Backoff = true };

    private static RebalanceRequest Request(int? users = null, int? share = null, int step = 1000) => new("db0", users, share, step, TimeSpan.Zero);
}
