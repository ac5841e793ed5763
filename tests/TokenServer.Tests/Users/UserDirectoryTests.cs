using CsCheck;
using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Tests.Users;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UserDirectoryTests
{
    private const string Email = "u@accounts";
    private static readonly UserData Claim = new(100, 50, "aa");

    private readonly MemoryStore store = new();

    [Test]
    public async Task Resolve_NewUser_GetsARecordOnANode()
    {
        var row = await ServedAsync(Claim);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Node, Is.EqualTo("https://n1"));
            Assert.That(row.Data, Is.EqualTo(Claim));
            Assert.That(await ServedAsync(Claim), Is.EqualTo(row), "the second request finds the first one's");
            Assert.That(store.Locks, Is.EqualTo(1), "and changes nothing");
        }
    }

    [Test]
    public async Task Resolve_NewUserWhileNoneComeIn_IsRefused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RefusedAsync(Claim, newUsers: false), Is.EqualTo(UserRefusal.NewUsersDisabled));
            Assert.That(store.Rows, Is.Empty);
            await ServedAsync(Claim);
            Assert.That((await new UserDirectory(store).ResolveAsync(Email, Claim, newUsers: false, CancellationToken.None)).Row, Is.Not.Null, "who is known comes in");
        }
    }

    [Test]
    public async Task Resolve_ZerosClaimed_AreNotKnown()
    {
        var row = await ServedAsync(new UserData(0, 0, "aa"));

        Assert.That(row.Data, Is.EqualTo(new UserData(null, null, "aa")));
    }

    [Test]
    public async Task Resolve_NumbersGrew_AreRaisedInPlace()
    {
        var first = await ServedAsync(Claim);
        var second = await ServedAsync(new UserData(120, 110, "aa"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Uid, Is.EqualTo(first.Uid));
            Assert.That(second.Data, Is.EqualTo(new UserData(120, 110, "aa")));
        }
    }

    [Test]
    public async Task Resolve_NewKeys_GetAnotherNumberOnTheSameNode()
    {
        var first = await ServedAsync(Claim);
        store.NextNode = "https://n2";
        var second = await ServedAsync(new UserData(200, 200, "bb"));
        var back = await RefusedAsync(new UserData(300, 300, "aa"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Uid, Is.Not.EqualTo(first.Uid));
            Assert.That(second.Node, Is.EqualTo(first.Node));
            Assert.That(store.Rows.Single(row => row.Uid == first.Uid).ReplacedAt, Is.EqualTo(second.CreatedAt));
            Assert.That(back, Is.EqualTo(UserRefusal.InvalidClientState), "keys that were given up don't come back");
        }
    }

    [Test]
    public async Task Resolve_Unassigned_GetsTheStoredDataOnANewNode()
    {
        await ServedAsync(Claim);
        store.Replace(store.Rows[0].Uid);
        store.NextNode = "https://n2";
        var row = await ServedAsync(Claim with { Generation = 130 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Node, Is.EqualTo("https://n2"));
            Assert.That(row.Data, Is.EqualTo(new UserData(130, 50, "aa")), "the stored data first, and the claim on it");
            Assert.That(await RefusedAsync(Claim with { Generation = 120 }), Is.EqualTo(UserRefusal.InvalidGeneration));
        }
    }

    [Test]
    public async Task Resolve_UnassignedAndRulesBroken_IsRefusedAndHasANode()
    {
        await ServedAsync(Claim);
        store.Replace(store.Rows[0].Uid);
        var refusal = await RefusedAsync(Claim with { Generation = 99 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal, Is.EqualTo(UserRefusal.InvalidGeneration));
            Assert.That(store.Current.Select(row => row.Data), Is.EqualTo([Claim]));
        }
    }

    [Test]
    public async Task Resolve_WithoutANode_GetsOne()
    {
        store.Add(Claim, node: null);
        var row = await ServedAsync(Claim);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Node, Is.EqualTo("https://n1"));
            Assert.That(store.Current, Is.EqualTo([row]));
        }
    }

    [Test]
    public async Task Resolve_SeveralCurrent_HighestAndNewestStays()
    {
        store.Add(Claim with { Generation = 90 }, "https://n1");
        var best = store.Add(Claim, "https://n2");
        store.Add(Claim with { Generation = 80, ClientState = "cc" }, "https://n3");
        var row = await ServedAsync(Claim);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Uid, Is.EqualTo(best.Uid));
            Assert.That(store.Rows.Where(other => other.Uid != best.Uid).Select(other => other.ReplacedAt), Is.All.EqualTo(best.CreatedAt));
            Assert.That(await RefusedAsync(new UserData(200, 200, "cc")), Is.EqualTo(UserRefusal.InvalidClientState));
        }
    }

    [TestCase("https://n1", 100, UserRefusal.InvalidGeneration)]
    [TestCase("https://n1", null, UserRefusal.InvalidGeneration)]
    [TestCase(null, 100, UserRefusal.RetiredWithoutNode)]
    public async Task Resolve_Retired_GetsNothingWhateverIsClaimed(string? node, long? generation, UserRefusal expected)
    {
        var row = store.Add(Claim with { Generation = UserData.Retired }, node);
        store.Replace(row.Uid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RefusedAsync(Claim with { Generation = generation }), Is.EqualTo(expected));
            Assert.That(store.Rows, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Resolve_Retired_BrokenRulesAreNamedInTheirOrder()
    {
        store.Replace(store.Add(Claim with { Generation = UserData.Retired }, "https://n1").Uid);

        Assert.That(await RefusedAsync(new UserData(100, 101, "aa")), Is.EqualTo(UserRefusal.InvalidKeysChangedAt));
    }

    /// <summary>Whatever is claimed in whatever order: at most one record counts, and what it says never goes back.</summary>
    [Test]
    public void Resolve_AnyClaims_OneCurrentRecordThatGoesForward()
    {
        var number = Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, 6].Select(value => (long?)value));
        var claim = Gen.Select(number, number, Gen.Int[0, 3].Select(choice => new[] { "", "aa", "bb", "cc" }[choice]), (generation, keys, state) => new UserData(generation, keys, state));
        Gen.Select(claim, Gen.Int[0, 9]).List[1, 12].Sample(steps =>
        {
            var memory = new MemoryStore();
            var directory = new UserDirectory(memory);
            UserRow? last = null;
            foreach (var (claimed, chance) in steps)
            {
                if (chance == 0 && memory.Current is [var current]) memory.Replace(current.Uid);
                var (row, refusal) = directory.ResolveAsync(Email, claimed, newUsers: true, CancellationToken.None).GetAwaiter().GetResult();
                if (memory.Current.Count > 1 || row is null == refusal is null) return false;
                if (row is null) continue;
                if (row != memory.Current.Single() || row.Node is null || row.Data.ClientState != claimed.ClientState) return false;
                if (last is not null && (row.Data.Generation < last.Data.Generation || row.Data.KeysChangedAt < last.Data.KeysChangedAt)) return false;
                if (last is not null && last.Uid == row.Uid && last.Data.ClientState != row.Data.ClientState) return false;
                last = row;
            }

            // A number of a user on a node never means two keys.
            return memory.Rows.GroupBy(row => row.Uid).All(group => group.Count() == 1);
        }, iter: 2000);
    }

    private async Task<UserRow> ServedAsync(UserData claim)
    {
        var (row, refusal) = await new UserDirectory(store).ResolveAsync(Email, claim, newUsers: true, CancellationToken.None);
        Assert.That(refusal, Is.Null);
        return row!;
    }

    private async Task<UserRefusal?> RefusedAsync(UserData claim, bool newUsers = true) =>
        (await new UserDirectory(store).ResolveAsync(Email, claim, newUsers, CancellationToken.None)).Refusal;

    /// <summary>One user's records in memory.</summary>
    private sealed class MemoryStore : IUserStore
    {
        private long clock = 1000;
        private long uid;

        public List<UserRow> Rows { get; } = [];

        public IReadOnlyList<UserRow> Current => [.. Rows.Where(row => row.ReplacedAt is null)];

        public string NextNode { get; set; } = "https://n1";

        public int Locks { get; private set; }

        public UserRow Add(UserData data, string? node)
        {
            var row = new UserRow { Uid = ++uid, NodeId = node is null ? null : 1, Node = node, Data = data, CreatedAt = ++clock };
            Rows.Add(row);
            return row;
        }

        public void Replace(long replaced, long? at = null) =>
            Rows[Rows.FindIndex(row => row.Uid == replaced)] = Rows.Single(row => row.Uid == replaced) with { ReplacedAt = at ?? ++clock };

        public Task<IReadOnlyList<UserRow>> ReadAsync(string email, CancellationToken cancellationToken) => Task.FromResult(Read());

        public Task<IUserSession> LockAsync(string email, CancellationToken cancellationToken)
        {
            Locks++;
            return Task.FromResult<IUserSession>(new Session(this));
        }

        private IReadOnlyList<UserRow> Read() => [.. Rows.OrderByDescending(row => row.Data.Generation ?? 0).ThenByDescending(row => row.CreatedAt)];

        private sealed class Session(MemoryStore store) : IUserSession
        {
            public Task<IReadOnlyList<UserRow>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(store.Read());

            public Task CarryOutAsync(UserStep step, CancellationToken cancellationToken)
            {
                var rows = store.Rows;
                switch (step)
                {
                    case UserStep.Allocate allocate: store.Add(allocate.Data, store.NextNode); break;
                    case UserStep.Replace replace: foreach (var row in replace.Rows) store.Replace(row.Uid, replace.ReplacedAt); break;
                    case UserStep.Raise raise: rows[rows.FindIndex(row => row.Uid == raise.Row.Uid)] = raise.Row with { Data = raise.Data }; break;
                    case UserStep.Succeed succeed: store.Replace(succeed.Row.Uid, store.Add(succeed.Data, succeed.Row.Node).CreatedAt); break;
                    default: throw new ArgumentOutOfRangeException(nameof(step));
                }

                return Task.CompletedTask;
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
