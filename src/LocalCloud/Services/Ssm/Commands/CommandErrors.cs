namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>Systems Manager's error codes for commands.</summary>
internal static class CommandErrors
{
    public static AwsException InvalidInstanceId(IEnumerable<string> ids, string accountId) =>
        new("InvalidInstanceId", $"Instances [[{string.Join(", ", ids)}]] not in a valid state for account {accountId}");

    public static AwsException InvalidDocument(string name) => new("InvalidDocument", $"Document with name {name} does not exist.");

    public static AwsException InvalidParameters(string message) => new("InvalidParameters", message);

    public static AwsException DuplicateInstanceId() => new("DuplicateInstanceId", "You cannot specify an instance ID in more than one association.");

    public static AwsException InvalidCommandId(string? id) => new("InvalidCommandId", $"There is no command with the id {id}.");

    public static AwsException InvocationDoesNotExist() => new("InvocationDoesNotExist", "The command ID and managed node ID you specified did not match any invocations.");

    public static AwsException InvalidPluginName(string name) => new("InvalidPluginName", $"The plugin name {name} is not valid.");

    public static AwsException InvalidFilterKey(string key) => new("InvalidFilterKey", $"The filter key {key} is not valid.");

    public static AwsException Validation(string message) => new("ValidationException", message);
}
