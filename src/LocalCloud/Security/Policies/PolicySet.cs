namespace SyncStorage.LocalCloud.Security.Policies;

/// <summary>All that is said of an identity: its own policies, and the boundary that they can't go beyond.</summary>
/// <param name="Own">Its inline and attached policies.</param>
/// <param name="Boundary">Its permissions boundary, or null.</param>
internal sealed record PolicySet(IReadOnlyList<PolicyDocument> Own, PolicyDocument? Boundary = null)
{
    /// <summary>Why something is refused, as AWS words it; null if it is allowed.</summary>
    public string? Refusal(AccessQuestion question)
    {
        var verdicts = Own.Select(policy => policy.Judge(question)).ToList();
        if (verdicts.Contains(Verdict.Denied)) return "with an explicit deny in an identity-based policy";
        if (!verdicts.Contains(Verdict.Allowed)) return $"because no identity-based policy allows the {question.Action} action";
        return Boundary?.Judge(question) switch
        {
            null or Verdict.Allowed => null,
            Verdict.Denied => "with an explicit deny in a permissions boundary",
            _ => $"because no permissions boundary allows the {question.Action} action",
        };
    }
}
