using System.Reflection;
using System.Text.Json;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>On-demand list prices of one region at one time, in US dollars: a small table, for estimates.</summary>
/// <param name="AsOf">When they were so.</param>
/// <param name="Region">Where.</param>
/// <param name="Hourly">By type.</param>
/// <param name="Monthly">Of a GiB.</param>
internal sealed record PriceTable(string AsOf, string Region, Dictionary<string, decimal> Hourly, Dictionary<string, decimal> Monthly)
{
    private const decimal HoursAMonth = 730;

    private static readonly Lazy<PriceTable> Loaded = new(Load);

    /// <summary>The table that this program carries.</summary>
    public static PriceTable Current => Loaded.Value;

    /// <summary>What one of a type costs a month; null if the table has no price for it.</summary>
    public decimal? OfType(string type) => Hourly.TryGetValue(type, out var price) ? price * HoursAMonth : null;

    private static PriceTable Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("SyncStorage.Pipeline.prices.json") ?? throw new InvalidOperationException("The table of prices is missing.");
        return JsonSerializer.Deserialize<PriceTable>(stream, JsonSerializerOptions.Web) ?? throw new InvalidOperationException("The table of prices is empty.");
    }
}
