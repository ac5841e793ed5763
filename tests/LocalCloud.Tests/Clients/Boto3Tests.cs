namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>The SDK for Python, and by it awscli and Ansible.</summary>
[TestFixture]
internal sealed class Boto3Tests() : OrdinaryWork("boto3")
{
    protected override async Task<(string Program, string Script)> ProgramAsync(CancellationToken cancellationToken) =>
        (await ClientPrograms.PythonAsync(), Path.Combine(TestContext.CurrentContext.TestDirectory, "Clients", "boto3", "work.py"));
}
