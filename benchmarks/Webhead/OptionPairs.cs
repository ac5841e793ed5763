namespace SyncStorage.WebheadLoad;

/// <summary>Options given as <c>--name value</c> pairs.</summary>
internal static class OptionPairs
{
    /// <summary>Applies each pair to the options, which refuse a name that they do not know.</summary>
    public static T Read<T>(string[] args, T options, Func<T, string, string, T> with)
    {
        for (var i = 0; i + 1 < args.Length; i += 2) options = with(options, args[i], args[i + 1]);
        return options;
    }
}
