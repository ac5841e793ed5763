using System.Globalization;
using SyncStorage.WebheadLoad;

namespace SyncStorage.TokenServerLoad;

/// <summary>How long to measure what.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>How often each load runs; the median counts.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>How long each run takes.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>A token server that is published already, instead of publishing it anew.</summary>
    public string? Published { get; init; }

    /// <summary>Whether everything is measured as the results file has it.</summary>
    public bool Whole => this with { Published = null } == new BenchmarkOptions();

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    public static BenchmarkOptions Read(string[] args) => OptionPairs.Read(args, new BenchmarkOptions(), (options, name, value) => name switch
    {
        "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
        "--seconds" => options with { Seconds = int.Parse(value, CultureInfo.InvariantCulture) },
        "--published" => options with { Published = value },
        _ => throw new ArgumentException($"There is no option {name}."),
    });
}
