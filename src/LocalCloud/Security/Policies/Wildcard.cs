namespace SyncStorage.LocalCloud.Security.Policies;

/// <summary>The patterns of policies: <c>*</c> is any text, also none, and <c>?</c> is any one character.</summary>
internal static class Wildcard
{
    /// <summary>Whether a text is as a pattern says. It takes time in proportion to both lengths, whatever the pattern.</summary>
    public static bool Matches(string pattern, string text, bool ignoreCase = false)
    {
        var (at, star, resume) = (0, -1, 0);
        for (var position = 0; position < text.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, position);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || Same(pattern[at], text[position], ignoreCase)))
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                at = star + 1;
                position = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*') at++;
        return at == pattern.Length;
    }

    private static bool Same(char one, char other, bool ignoreCase) => one == other || (ignoreCase && char.ToLowerInvariant(one) == char.ToLowerInvariant(other));
}
