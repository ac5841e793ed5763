using System.Text;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

/// <summary>A command line of a unit file.</summary>
/// <param name="IgnoreFailure">It began with <c>-</c>.</param>
/// <param name="Words">The executable and its arguments, variables replaced.</param>
internal sealed record UnitCommand(bool IgnoreFailure, IReadOnlyList<string> Words)
{
    /// <summary>Parses a command line: prefixes, quotes, <c>$WORD</c> and <c>${WORD}</c>, <c>%%</c> and <c>%n</c>.</summary>
    /// <exception cref="FormatException">It has no command, or an open quote.</exception>
    public static UnitCommand Parse(string line, string unitName, IReadOnlyDictionary<string, string> environment)
    {
        var prefixes = line.TakeWhile(letter => "@-:+!".Contains(letter, StringComparison.Ordinal)).ToArray();
        var words = Split(line[prefixes.Length..]).SelectMany(word => Expand(word, unitName, environment)).ToList();
        if (words.Count == 0) throw new FormatException($"'{line}' has no command.");
        return new UnitCommand(prefixes.Contains('-'), words);
    }

    /// <summary>Reads <c>Environment=</c>: assignments, each quoted where it holds blanks.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Assignments(string line)
    {
        foreach (var (text, _) in Split(line))
        {
            var equals = text.IndexOf('=');
            if (equals > 0) yield return new(text[..equals], text[(equals + 1)..]);
        }
    }

    /// <summary>Reads an environment file: one assignment a line, comments, optional quotes.</summary>
    public static IEnumerable<KeyValuePair<string, string>> EnvironmentFile(string text)
    {
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            var equals = line.IndexOf('=');
            if (equals <= 0 || line[0] is '#' or ';') continue;
            var value = line[(equals + 1)..].Trim();
            if (value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0]) value = value[1..^1];
            yield return new(line[..equals].TrimEnd(), value);
        }
    }

    private static string[] Expand((string Text, bool Quoted) word, string unitName, IReadOnlyDictionary<string, string> environment)
    {
        // Only a whole, unquoted $WORD is split at blanks, and vanishes if it is empty.
        if (!word.Quoted && word.Text is ['$', not '{' and not '$', ..])
            return environment.GetValueOrDefault(word.Text[1..], "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var result = new StringBuilder();
        for (var at = 0; at < word.Text.Length; at++)
        {
            var close = word.Text.IndexOf('}', at);
            var next = at + 1 < word.Text.Length ? word.Text[at + 1] : '\0';
            switch (word.Text[at], next)
            {
                case ('$', '{') when close > 0:
                    result.Append(environment.GetValueOrDefault(word.Text[(at + 2)..close], ""));
                    at = close;
                    break;
                case ('$', '$') or ('%', '%'):
                    result.Append(next);
                    at++;
                    break;
                case ('%', 'n'):
                    result.Append(unitName);
                    at++;
                    break;
                case ('%', 'N' or 'p'):
                    result.Append(Path.GetFileNameWithoutExtension(unitName));
                    at++;
                    break;
                default:
                    result.Append(word.Text[at]);
                    break;
            }
        }

        return [result.ToString()];
    }

    private static IEnumerable<(string Text, bool Quoted)> Split(string line)
    {
        var word = new StringBuilder();
        var (open, any, quoted) = ('\0', false, false);
        for (var at = 0; at < line.Length; at++)
        {
            var letter = line[at];
            if (open != '\0' && letter == open)
            {
                open = '\0';
            }
            else if (open == '\0' && letter is '"' or '\'' && open == '\0')
            {
                (open, any, quoted) = (letter, true, true);
            }
            else if (letter == '\\' && open != '\'' && at + 1 < line.Length)
            {
                word.Append(Unescape(line[++at]));
                any = true;
            }
            else if (open == '\0' && char.IsWhiteSpace(letter))
            {
                if (any) yield return (word.ToString(), quoted);
                word.Clear();
                (any, quoted) = (false, false);
            }
            else
            {
                word.Append(letter);
                any = true;
            }
        }

        if (open != '\0') throw new FormatException($"'{line}' has an open quote.");
        if (any) yield return (word.ToString(), quoted);
    }

    private static char Unescape(char letter) => letter switch
    {
        'n' => '\n',
        't' => '\t',
        's' => ' ',
        _ => letter,
    };
}
