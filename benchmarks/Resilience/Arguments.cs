using System.Globalization;

namespace SyncStorage.Resilience;

/// <summary>What the program was asked for.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>Reads <c>--name=value</c>.</summary>
    /// <exception cref="ArgumentException">It is no option of this command.</exception>
    public static Arguments Read(IEnumerable<string> given, params string[] known)
    {
        var arguments = new Arguments();
        foreach (var option in given)
        {
            var (name, value) = option.TrimStart('-').Split('=', 2) is [var first, var second] ? (first, second) : (option, "");
            if (!known.Contains(name) || value.Length == 0) throw new ArgumentException($"{option} is no option of this command; it has {string.Join(", ", known.Select(one => $"--{one}=…"))}.");
            arguments.values[name] = value;
        }

        return arguments;
    }

    public static int Usage()
    {
        Console.Error.WriteLine("usage: Resilience loss-test [--requests=20000]");
        Console.Error.WriteLine("     | rotation-test [--requests=20000]");
        Console.Error.WriteLine("     | kill-matrix [--every=1] [--scenario=first,update,rollback,rotation,undo] [--calls=iam:] [--lanes=cores+1] [--signals=12] [--resume=yes]");
        Console.Error.WriteLine("     | fault-matrix [--filter=fault/stage]");
        return 2;
    }

    public string? Text(string name) => values.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
