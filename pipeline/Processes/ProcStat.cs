namespace SyncStorage.Pipeline.Processes;

/// <summary>What Linux tells of a process in <c>/proc/&lt;id&gt;/stat</c>.</summary>
internal static class ProcStat
{
    /// <summary>Its fields from the third on: state, parent. Before them is the name, in parentheses, which may hold anything. Empty where there is no /proc, or the process has just ended.</summary>
    public static string[] Of(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
