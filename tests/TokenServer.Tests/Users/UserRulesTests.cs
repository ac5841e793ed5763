using SyncStorage.TokenServer.Users;

namespace SyncStorage.TokenServer.Tests.Users;

[TestFixture]
internal sealed class UserRulesTests
{
    private const UserRefusal Keys = UserRefusal.InvalidKeysChangedAt;
    private const UserRefusal State = UserRefusal.InvalidClientState;
    private const UserRefusal Generation = UserRefusal.InvalidGeneration;

    private static readonly UserData Stored = new(100, 50, "aa");
    private static readonly HashSet<string> Earlier = ["old1", "old2"];

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("nothing changed", Stored, Stored, null);
        yield return Case("generation grew", Stored, Stored with { Generation = 101 }, null);
        yield return Case("keys changed with the generation", Stored, new(200, 200, "bb"), null);
        yield return Case("keys changed before the generation", Stored, new(200, 199, "bb"), null);

        // 1: keys that changed after the generation that is told.
        yield return Case("keys changed and the generation does not know", Stored, Stored with { KeysChangedAt = 101 }, Keys);
        yield return Case("the same with a generation that grew", Stored, new(150, 151, "bb"), Keys);
        yield return Case("the same without a generation", Stored, Stored with { Generation = null, KeysChangedAt = 101 }, null);
        yield return Case("the same with nothing stored", Stored with { KeysChangedAt = null }, Stored with { KeysChangedAt = 101 }, null);
        yield return Case("rule 1 before all others", Stored, new(99, 101, "old1"), Keys);

        // 2: a client state that is none, or was seen.
        yield return Case("no client state though one is stored", Stored, Stored with { ClientState = "" }, State);
        yield return Case("no client state and none is stored", Stored with { ClientState = "" }, Stored with { ClientState = "" }, null);
        yield return Case("a first client state", Stored with { ClientState = "" }, new(101, 51, "aa"), null);
        yield return Case("an earlier client state", Stored, new(101, 51, "old1"), State);
        yield return Case("another earlier client state", Stored, new(null, null, "old2"), State);
        yield return Case("an earlier client state before the generation is judged", Stored, new(99, 49, "old2"), State);

        // 3: a new client state wants larger numbers.
        yield return Case("new keys with the same generation", Stored, new(100, 60, "bb"), State);
        yield return Case("new keys with a smaller generation", Stored, new(99, 60, "bb"), State);
        yield return Case("new keys that did not change", Stored, new(101, 50, "bb"), State);
        yield return Case("new keys that are older", Stored, new(101, 49, "bb"), State);
        yield return Case("new keys without a generation", Stored, new(null, 60, "bb"), null);
        yield return Case("new keys and no generation stored", Stored with { Generation = null }, new(1, 1000, "bb"), Keys);
        yield return Case("new keys, no generation stored, told one is large", Stored with { Generation = null }, new(1000, 60, "bb"), null);
        yield return Case("new keys and no time of them stored", Stored with { KeysChangedAt = null }, new(101, 7, "bb"), null);
        yield return Case("new keys and nothing stored", new(null, null, "aa"), new(null, 7, "bb"), null);

        // 4: no generation goes back.
        yield return Case("an older generation", Stored, Stored with { Generation = 99 }, Generation);
        yield return Case("an older generation before older keys", Stored, new(99, 49, "aa"), Generation);
        yield return Case("no generation", Stored, Stored with { Generation = null }, null);

        // 5: no keys go back, or away.
        yield return Case("older keys", Stored, Stored with { KeysChangedAt = 49 }, Keys);
        yield return Case("no time of the keys though one is stored", Stored, Stored with { KeysChangedAt = null }, Keys);
        yield return Case("new keys without their time though one is stored", Stored, new(101, null, "bb"), Keys);
        yield return Case("no time of the keys and none is stored", Stored with { KeysChangedAt = null }, Stored with { KeysChangedAt = null }, null);

        static TestCaseData Case(string what, UserData stored, UserData claimed, UserRefusal? broken) =>
            new TestCaseData(stored, claimed, broken).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Cases))]
    public void Broken_Claim_NamesTheFirstRule(UserData stored, UserData claimed, UserRefusal? broken) =>
        Assert.That(UserRules.Broken(stored, Earlier, claimed), Is.EqualTo(broken));

    private static IEnumerable<TestCaseData> Updates()
    {
        yield return Case("nothing", Stored, Stored, Stored);
        yield return Case("both grew", Stored, new(200, 150, "aa"), new(200, 150, "aa"));
        yield return Case("neither is told", Stored, new(null, null, "aa"), Stored);
        yield return Case("keys grew without a generation", Stored, new(null, 70, "aa"), new(100, 70, "aa"));
        yield return Case("keys grew beyond the generation without one", Stored, new(null, 170, "bb"), new(170, 170, "bb"));
        yield return Case("first keys without a generation", new(null, null, "aa"), new(null, 70, "aa"), new(70, 70, "aa"));
        yield return Case("keys did not grow, and no generation is stored", new(null, 70, "aa"), new(null, 70, "aa"), new(null, 70, "aa"));
        yield return Case("a first generation", new(null, 70, "aa"), new(90, 70, "aa"), new(90, 70, "aa"));

        static TestCaseData Case(string what, UserData stored, UserData claimed, UserData updated) =>
            new TestCaseData(stored, claimed, updated).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Updates))]
    public void Updated_Claim_GoesForwardOnly(UserData stored, UserData claimed, UserData updated) =>
        Assert.That(UserRules.Updated(stored, claimed), Is.EqualTo(updated));
}
