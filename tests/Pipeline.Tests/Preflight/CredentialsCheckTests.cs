using SyncStorage.Pipeline.Preflight;

namespace SyncStorage.Pipeline.Tests.Preflight;

public sealed class CredentialsCheckTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 0, 0, TimeSpan.Zero);

    [Test]
    public void Judge_SessionEndsWithinTheDeployment_SaysWhenAndWhatWouldLast()
    {
        var result = CredentialsCheck.Judge(Now.AddMinutes(14), Now, TimeSpan.FromMinutes(15));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Found, Is.Null);
            Assert.That(result.Problems.Single().What, Is.EqualTo("The credentials end in 14 min, at 2030-01-02 03:14:00Z; a deployment like this takes about 15 min."));
            Assert.That(result.Problems.Single().Next, Does.Contain("aws.roleArn"));
        }
    }

    [Test]
    public void Judge_SessionIsOver_IsNoNegativeTime() =>
        Assert.That(CredentialsCheck.Judge(Now.AddMinutes(-3), Now, TimeSpan.FromMinutes(15)).Problems.Single().What, Does.StartWith("The credentials end in 0 min"));

    [Test]
    public void Judge_SessionLastsLongEnough_IsWell()
    {
        var result = CredentialsCheck.Judge(Now.AddMinutes(60), Now, TimeSpan.FromMinutes(15));

        Assert.That((result.Found, result.Problems.Count), Is.EqualTo(("credentials: a session that lasts for 60 min", 0)));
    }
}
