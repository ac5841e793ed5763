using System.Text.Json;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Capacity;

/// <summary>The samples in the cluster's bucket.</summary>
public sealed class CapacityHistory(StateObjects objects)
{
    /// <summary>Where they are.</summary>
    internal const string Key = "capacity/samples.json";

    private const int Tries = 3;

    /// <summary>Adds a sample, and gives all that are kept then. Where somebody else adds one at the same time, this one may be left out of what is stored.</summary>
    public async Task<CapacitySamples> AddAsync(CapacitySample sample, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stored = await objects.ReadAsync(Key, cancellationToken);
            var samples = Parse(stored?.Text).With(sample);
            var done = await objects.SwapAsync(Key, JsonSerializer.Serialize(samples, StateObjects.Json), stored?.ETag, cancellationToken) is not null;
            if (done || attempt == Tries) return samples;
        }
    }

    // What can't be read tells no trend: it begins anew.
    private static CapacitySamples Parse(string? text) => (text is null ? null : StateObjects.TryParse<CapacitySamples>(text)) ?? new CapacitySamples([]);
}
