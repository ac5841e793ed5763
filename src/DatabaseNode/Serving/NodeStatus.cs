using System.Text.Json.Nodes;

namespace SyncStorage.DatabaseNode.Serving;

/// <summary>What a dbnode is doing. The names are those that <c>admin status</c> answers with.</summary>
internal enum NodeState
{
    /// <summary>The database is being made, or started.</summary>
    Starting,

    /// <summary>Its volume is being brought to a time.</summary>
    Restoring,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It can't serve, and won't without somebody's doing.</summary>
    Failed,
}

/// <summary>What a dbnode tells of itself.</summary>
internal sealed class NodeStatus
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> facts = new(StringComparer.Ordinal);
    private NodeState state;

    /// <summary>What it is doing; what it said to the one before, it says no more.</summary>
    public void Become(NodeState next, string? code = null, string? reason = null)
    {
        lock (gate)
        {
            state = next;
            Note("code", code);
            Note("reason", reason);
        }
    }

    /// <summary>A fact, or, with null, none any more.</summary>
    public void Note(string name, string? value)
    {
        lock (gate)
        {
            if (value is null) facts.Remove(name);
            else facts[name] = value;
        }
    }

    /// <summary>All of it.</summary>
    public JsonObject ToJson()
    {
        lock (gate)
        {
            var answer = new JsonObject { ["ok"] = true, ["state"] = Name(state) };
            foreach (var (name, value) in facts) answer[name] = value;
            return answer;
        }
    }

    private static string Name(NodeState state) => state switch
    {
        NodeState.Starting => "starting",
        NodeState.Restoring => "restoring",
        NodeState.Ready => "ready",
        NodeState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
