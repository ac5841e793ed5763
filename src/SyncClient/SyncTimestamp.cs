using System.Globalization;

namespace SyncStorage.SyncClient;

/// <summary>A moment as the protocol has it: decimal seconds since 1970, of which two places are kept when the server makes one.</summary>
/// <param name="Milliseconds">Milliseconds since 1970-01-01T00:00:00Z; a multiple of 10 when a server made it.</param>
public readonly record struct SyncTimestamp(long Milliseconds) : IComparable<SyncTimestamp>
{
    /// <summary>The start of time, which the protocol gives for what does not exist.</summary>
    public static readonly SyncTimestamp Zero;

    // Twelve digits of seconds reach beyond the year 33000, and keep the milliseconds well within a long. What is later is as good as that.
    private const decimal MaxSeconds = 999_999_999_999m;

    /// <summary>The clock's reading, cut to the protocol's 10 ms.</summary>
    /// <param name="time">The clock.</param>
    public static SyncTimestamp Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new SyncTimestamp(milliseconds - milliseconds % 10);
    }

    /// <summary>Reads decimal seconds exactly (never through a double). What is negative or no plain number is refused.</summary>
    /// <param name="text">For example <c>1795354212.35</c>.</param>
    /// <param name="timestamp">The moment, cut to milliseconds.</param>
    public static bool TryParse(string? text, out SyncTimestamp timestamp)
    {
        timestamp = Zero;
        const NumberStyles plain = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var seconds)) return false;
        timestamp = new SyncTimestamp((long)(Math.Min(seconds, MaxSeconds) * 1000m));
        return true;
    }

    /// <summary>The later of two.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static SyncTimestamp Max(SyncTimestamp left, SyncTimestamp right) => left > right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(SyncTimestamp other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>Decimal seconds with two places, trailing zeros kept: <c>1795354212.30</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Milliseconds / 1000}.{Milliseconds % 1000 / 10:00}");

    /// <summary>Writes it as <see cref="ToString"/> does, in ASCII.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="written">How many bytes it took.</param>
    public bool TryFormat(Span<byte> destination, out int written) => System.Text.Unicode.Utf8.TryWrite(
        destination, CultureInfo.InvariantCulture, $"{Milliseconds / 1000}.{Milliseconds % 1000 / 10:00}", out written);

    /// <summary>Compares two moments.</summary>
    public static bool operator <(SyncTimestamp left, SyncTimestamp right) => left.CompareTo(right) < 0;

    /// <summary>Compares two moments.</summary>
    public static bool operator >(SyncTimestamp left, SyncTimestamp right) => left.CompareTo(right) > 0;

    /// <summary>Compares two moments.</summary>
    public static bool operator <=(SyncTimestamp left, SyncTimestamp right) => left.CompareTo(right) <= 0;

    /// <summary>Compares two moments.</summary>
    public static bool operator >=(SyncTimestamp left, SyncTimestamp right) => left.CompareTo(right) >= 0;
}
