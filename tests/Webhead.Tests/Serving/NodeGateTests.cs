using Microsoft.Extensions.Time.Testing;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Tests.Serving;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class NodeGateTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly GateLimits Limits = new() { MostInService = 2, MostWaiting = 1 };

    private readonly FakeTimeProvider time = new();
    private readonly NodeGate gate;

    public NodeGateTests() => gate = new NodeGate("db0", Limits, time);

    public void Dispose() => gate.Dispose();

    [Test]
    public async Task TryEnter_PlacesFree_EntersAndIsNotOverloaded()
    {
        var entered = await gate.TryEnterAsync(None) && await gate.TryEnterAsync(None);

        Assert.That((entered, gate.InService, gate.Waiting, gate.Overloaded), Is.EqualTo((true, 2, 0, false)));
    }

    [Test]
    public async Task TryEnter_TooManyWait_IsTurnedAwayAtOnce()
    {
        await FillAsync();
        var waiting = gate.TryEnterAsync(None);

        var turnedAway = await gate.TryEnterAsync(None);

        Assert.That((turnedAway, waiting.IsCompleted, gate.Waiting, gate.Overloaded), Is.EqualTo((false, false, 1, true)));
        gate.Leave();
        Assert.That(await waiting, Is.True);
    }

    [Test]
    public async Task TryEnter_NobodyLeaves_GivesUpAfterAWhile()
    {
        await FillAsync();
        var waiting = gate.TryEnterAsync(None);

        time.Advance(Limits.LongestWait);

        Assert.That((await waiting, gate.InService, gate.Waiting), Is.EqualTo((false, 2, 0)));
    }

    [Test]
    public async Task TryEnter_ClientGoesAway_FreesItsPlaceInTheQueue()
    {
        await FillAsync();
        using var client = new CancellationTokenSource();
        var gone = gate.TryEnterAsync(client.Token);
        await client.CancelAsync();
        var entered = await gone;
        var next = gate.TryEnterAsync(None);

        gate.Leave();

        Assert.That((entered, await next), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Overloaded_AWhileLater_IsForgotten()
    {
        await FillAsync();
        var waiting = gate.TryEnterAsync(None);
        gate.Leave();
        await waiting;

        time.Advance(Limits.OverloadMemory);

        Assert.That(gate.Overloaded, Is.False);
    }

    [Test]
    public async Task Leave_AfterEveryEnter_LeavesAllPlacesFree()
    {
        for (var i = 0; i < 100; i++)
        {
            await gate.TryEnterAsync(None);
            gate.Leave();
        }

        Assert.That((gate.InService, gate.Waiting), Is.EqualTo((0, 0)));
    }

    private async Task FillAsync()
    {
        for (var i = 0; i < Limits.MostInService; i++) await gate.TryEnterAsync(None);
    }
}
