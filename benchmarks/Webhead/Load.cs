namespace SyncStorage.WebheadLoad;

/// <summary>One kind of request.</summary>
/// <param name="Name">What it is called in the results.</param>
/// <param name="Bare">Against which bare endpoint it is judged; null for those endpoints themselves.</param>
/// <param name="Wanted">The least share of the bare endpoint's rate.</param>
/// <param name="MostMilliseconds">The most that 99 of 100 requests may take.</param>
/// <param name="Make">The requests of one user, as they go over the wire.</param>
internal sealed record Load(string Name, string? Bare, double Wanted, double MostMilliseconds, Func<LoadUser, IEnumerable<byte[]>> Make)
{
    private const double Reads = 10;
    private const double Writes = 25;

    public static IReadOnlyList<Load> All { get; } =
    [
        Of("bare one row", user => user.Bare("GET", "/one/{0}/" + LoadUser.ItemId(7))),
        Of("bare 100 rows", user => user.Bare("GET", "/hundred/{0}")),
        Of("bare update", user => user.Bare("PUT", "/update/{0}/" + LoadUser.ItemId(7), LoadUser.Payload)),
        new("info/collections", "bare one row", 0.65, Reads, user => [user.Signed("GET", "/info/collections")]),
        new("meta/global", "bare one row", 0.65, Reads, user => [user.Signed("GET", "/storage/meta/global")]),
        new("one item", "bare one row", 0.65, Reads, user => [user.Signed("GET", "/storage/bookmarks/" + LoadUser.ItemId(7))]),
        new("100 full items", "bare 100 rows", 0.65, Reads, user => [user.Signed("GET", "/storage/bookmarks?full=1")]),
        new("PUT of one item", "bare update", 0.40, Writes,
            user => [user.Signed("PUT", "/storage/bookmarks/" + LoadUser.ItemId(7), LoadUser.Item(null))]),
        new("POST of ten items", "bare update", 0.25, Writes, user => [user.Signed("POST", "/storage/bookmarks", LoadUser.Items(0, 10))]),
    ];

    /// <summary>About what clients do: mostly asking whether something is new.</summary>
    public static Load Mixed { get; } = new("mixed", null, 0, Writes, user =>
    [
        .. All.Where(load => load.Bare is not null).SelectMany(load => load.Make(user)),
        user.Signed("GET", "/info/collections"), user.Signed("GET", "/info/collections"), user.Signed("GET", "/storage/meta/global"),
    ]);

    private static Load Of(string name, Func<LoadUser, byte[]> make) => new(name, null, 0, double.PositiveInfinity, user => [make(user)]);
}
