namespace SyncStorage.LocalCloud.Security.Policies;

/// <summary>One statement of a policy.</summary>
/// <param name="Sid">Its name, or null.</param>
/// <param name="Allows">Whether its effect is <c>Allow</c>.</param>
/// <param name="Actions">Patterns of actions.</param>
/// <param name="NotActions">Whether it is about all actions but these.</param>
/// <param name="Resources">Patterns of ARNs; empty in a trust policy.</param>
/// <param name="NotResources">Whether it is about all resources but these.</param>
/// <param name="Conditions">All must be met.</param>
/// <param name="Services">In a trust policy: the services that it trusts.</param>
internal sealed record PolicyStatement(
    string? Sid, bool Allows, IReadOnlyList<string> Actions, bool NotActions, IReadOnlyList<string> Resources, bool NotResources,
    IReadOnlyList<PolicyCondition> Conditions, IReadOnlyList<string> Services)
{
    /// <summary>Whether it is about what is asked.</summary>
    public bool Applies(AccessQuestion question) =>
        Actions.Any(pattern => Wildcard.Matches(pattern, question.Action, ignoreCase: true)) != NotActions
        && Resources.Any(pattern => Wildcard.Matches(pattern, question.Resource)) != NotResources
        && Conditions.All(condition => condition.IsMetBy(question.Key(condition.Key)));
}

/// <summary>May this action be done to this resource?</summary>
/// <param name="Action">E.g. <c>ec2:RunInstances</c>.</param>
/// <param name="Resource">An ARN, or <c>*</c> where the action is about none.</param>
/// <param name="Keys">The values of condition keys, looked up only if a policy wants to know.</param>
internal sealed record AccessQuestion(string Action, string Resource, Func<string, IReadOnlyList<string>?>? Keys = null)
{
    /// <summary>The values of a condition key; null if the request has none.</summary>
    public IReadOnlyList<string>? Key(string name) => Keys?.Invoke(name);
}
