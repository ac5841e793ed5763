using System.Globalization;

namespace SyncStorage.LocalCloud.Commands;

/// <summary>The arguments of LocalCloud.</summary>
internal sealed record CommandLine(string Command, IReadOnlyDictionary<string, string> Values, IReadOnlySet<string> Flags)
{
    public const string Help = """
        LocalCloud: an embedded AWS with a real data plane.

          LocalCloud run --state DIR [--port N] [--time-scale X] [--region R] [--record FILE]
              Runs in the foreground until SIGTERM or Ctrl-C. When it is ready, DIR/endpoint.json says where,
              and DIR/credentials is an AWS credentials file for it.
                --state DIR       keeps everything; made if it is missing
                --port N          the port on 127.0.0.1; 0, the default, lets the system choose
                --time-scale X    AWS's pace is 1; 0, the default, is as fast as this machine allows
                --region R        default us-east-1
                --record FILE     appends all traffic, secrets included, to FILE

          LocalCloud stop --state DIR [--keep-processes]
              Ends the LocalCloud that runs on DIR; with --keep-processes, its instances, databases and caches go on.

          LocalCloud --version    prints the content hash of this program's folder
          LocalCloud --help       prints this

        Exit codes: 0 done; 1 failed; 2 bad arguments.
        """;

    private static readonly Dictionary<string, (string[] Values, string[] Flags)> Commands = new(StringComparer.Ordinal)
    {
        ["run"] = (["--state", "--port", "--time-scale", "--region", "--record"], []),
        ["stop"] = (["--state"], ["--keep-processes"]),
    };

    /// <exception cref="ArgumentException">An argument is unknown, lacks its value, or the command is missing.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0) throw new ArgumentException("A command is missing.");
        if (!Commands.TryGetValue(arguments[0], out var known)) throw new ArgumentException($"The command '{arguments[0]}' is not known.");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var flags = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 1; index < arguments.Count; index++)
        {
            var parts = arguments[index].Split('=', 2);
            if (known.Flags.Contains(parts[0]) && parts.Length == 1) flags.Add(parts[0]);
            else if (!known.Values.Contains(parts[0])) throw new ArgumentException($"The argument '{arguments[index]}' is not known.");
            else if (parts.Length == 2) values[parts[0]] = parts[1];
            else if (++index < arguments.Count) values[parts[0]] = arguments[index];
            else throw new ArgumentException($"The argument '{parts[0]}' needs a value.");
        }

        if (string.IsNullOrWhiteSpace(values.GetValueOrDefault("--state"))) throw new ArgumentException("--state is missing.");
        return new CommandLine(arguments[0], values, flags);
    }

    /// <summary>The options of <c>run</c>.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public Hosting.RunOptions ToRunOptions()
    {
        if (!int.TryParse(Values.GetValueOrDefault("--port", "0"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
            throw new ArgumentException($"--port must be between 0 and {ushort.MaxValue}.");
        if (!double.TryParse(Values.GetValueOrDefault("--time-scale", "0"), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var scale)
            || !double.IsFinite(scale) || scale > 100)
        {
            throw new ArgumentException("--time-scale must be a number from 0 to 100.");
        }

        return new Hosting.RunOptions
        {
            StateDirectory = Values["--state"],
            Port = port,
            TimeScale = scale,
            Region = Values.GetValueOrDefault("--region", "us-east-1"),
            RecordFile = Values.GetValueOrDefault("--record"),
        };
    }
}
