using System.Globalization;
using System.Text;

namespace SyncStorage.Webhead.Protocol;

/// <summary>What a POST has to do with a batch.</summary>
/// <param name="IsPartOfOne">Whether it starts, continues or commits one; else its items are written at once.</param>
/// <param name="Number">The batch that it continues or commits; null if it starts one.</param>
/// <param name="Commits">Whether the batch ends with it.</param>
internal readonly record struct BatchRequest(bool IsPartOfOne, long? Number, bool Commits)
{
    private const string True = "true";
    private const int MostDigits = 18;

    /// <summary>Reads it from the query of a URL.</summary>
    /// <exception cref="SyncReplyException">It says what can't be done.</exception>
    public static BatchRequest Read(IQueryCollection query)
    {
        var commits = false;
        if (query.TryGetValue("commit", out var commit))
        {
            if (!IsTrue(commit[^1])) throw SyncReplyException.BadRequest();
            commits = true;
        }

        if (!query.TryGetValue("batch", out var values)) return commits ? throw SyncReplyException.BadRequest() : default;

        // One that is started and committed by the same request is a plain write.
        if (values[^1] is not { Length: > 0 } id || IsTrue(id)) return new BatchRequest(!commits, null, false);
        return new BatchRequest(true, ReadId(id) ?? throw SyncReplyException.BadRequest(), commits);
    }

    /// <summary>A batch's id, as clients know it.</summary>
    public static string Id(long number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static bool IsTrue(string? value) => True.Equals(value, StringComparison.OrdinalIgnoreCase);

    private static long? ReadId(string id)
    {
        if (ReadNumber(id) is { } bare) return bare;
        Span<byte> bytes = stackalloc byte[MostDigits];
        return Convert.TryFromBase64String(id, bytes, out var length) ? ReadNumber(Encoding.ASCII.GetString(bytes[..length])) : null;
    }

    private static long? ReadNumber(string text) =>
        text.Length <= MostDigits && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
