using SyncStorage.LocalCloud.Security.Policies;

namespace SyncStorage.LocalCloud.Tests.Security.Policies;

internal sealed class PolicyTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["aws:ResourceTag/Cluster"] = ["sync2"],
        ["aws:TagKeys"] = ["Cluster", "Role"],
        ["ec2:InstanceType"] = ["t3.small"],
    };

    [TestCase("*", "", true)]
    [TestCase("a*", "a", true)]
    [TestCase("a*c*e", "abcde", true)]
    [TestCase("a*c", "abcd", false)]
    [TestCase("a?c", "abc", true)]
    [TestCase("a?c", "ac", false)]
    [TestCase("*/db/*/app", "/sync2/db/db0/app", true)]
    [TestCase("*/db/*/app", "/sync2/db/db0/master", false)]
    [TestCase("A", "a", false)]
    [TestCase("", "a", false)]
    public void Wildcard_Patterns_MatchWhole(string pattern, string text, bool expected)
    {
        Assert.That(Wildcard.Matches(pattern, text), Is.EqualTo(expected));
    }

    [Test]
    public void Wildcard_ManyStars_TakesNoAges()
    {
        var pattern = string.Concat(Enumerable.Repeat("a*", 500)) + "b";

        Assert.That(Wildcard.Matches(pattern, new string('a', 5_000)), Is.False);
    }

    [TestCase("StringEquals", "aws:ResourceTag/Cluster", "sync2", true)]
    [TestCase("StringEquals", "aws:resourcetag/cluster", "sync2", true)]
    [TestCase("StringEquals", "aws:ResourceTag/Cluster", "SYNC2", false)]
    [TestCase("StringEqualsIgnoreCase", "aws:ResourceTag/Cluster", "SYNC2", true)]
    [TestCase("StringNotEquals", "aws:ResourceTag/Cluster", "other", true)]
    [TestCase("StringNotEquals", "aws:ResourceTag/Owner", "anybody", true)]
    [TestCase("StringLike", "ec2:InstanceType", "t3.*", true)]
    [TestCase("StringNotLike", "ec2:InstanceType", "t3.*", false)]
    [TestCase("StringEquals", "aws:ResourceTag/Owner", "anybody", false)]
    [TestCase("StringEqualsIfExists", "aws:ResourceTag/Owner", "anybody", true)]
    [TestCase("ForAllValues:StringEquals", "aws:TagKeys", "Cluster", false)]
    [TestCase("ForAnyValue:StringEquals", "aws:TagKeys", "Cluster", true)]
    [TestCase("Null", "aws:ResourceTag/Owner", "true", true)]
    [TestCase("Null", "aws:ResourceTag/Cluster", "true", false)]
    public void Condition_Operators_CompareAsAws(string name, string key, string value, bool expected)
    {
        var policy = PolicyDocument.Parse("""{"Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*", "Condition": """ + $"{{\"{name}\": {{\"{key}\": \"{value}\"}}}}" + "}}");

        Assert.That(policy.Judge(Question("ec2:RunInstances", "*")), Is.EqualTo(expected ? Verdict.Allowed : Verdict.Silent));
    }

    [TestCase("ec2:RunInstances", "arn:aws:ec2:us-east-1:1:instance/i-1", null)]
    [TestCase("EC2:runinstances", "arn:aws:ec2:us-east-1:1:instance/i-1", null)]
    [TestCase("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:1:instance/i-1", "explicit deny in an identity-based policy")]
    [TestCase("s3:GetObject", "arn:aws:s3:::bucket/key", "no identity-based policy allows the s3:GetObject action")]
    [TestCase("ec2:CreateTags", "arn:aws:ec2:us-east-1:1:instance/i-1", "no permissions boundary allows the ec2:CreateTags action")]
    public void PolicySet_AllowDenyAndBoundary_AreWeighedAsAws(string action, string resource, string? refusal)
    {
        var own = PolicyDocument.Parse(
            """{"Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}, {"Effect": "Deny", "NotAction": ["ec2:RunInstances", "ec2:CreateTags"], "Resource": "arn:aws:ec2:*"}]}""");
        var boundary = PolicyDocument.Parse("""{"Statement": {"Effect": "Allow", "NotAction": "ec2:CreateTags", "Resource": "*"}}""");

        var found = new PolicySet([own], boundary).Refusal(Question(action, resource));

        Assert.That(found, refusal is null ? Is.Null : Does.Contain(refusal));
    }

    private static AccessQuestion Question(string action, string resource) => new(action, resource, name => Keys.GetValueOrDefault(name));
}
