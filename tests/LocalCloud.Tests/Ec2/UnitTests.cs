using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Machines.Units;
using SyncStorage.LocalCloud.Services.Ec2.Rules;

namespace SyncStorage.LocalCloud.Tests.Ec2;

/// <summary>How unit files are read.</summary>
internal sealed class UnitTests
{
    private static readonly Dictionary<string, string> Environment = new() { ["ONE"] = "1", ["WORDS"] = "a b" };

    [Test]
    public void Parse_Unit_ReadsRepeatedContinuedAndResetSettings()
    {
        var unit = UnitFile.Parse("x.service", "# comment\n[Service]\nExecStartPre=/bin/a\nExecStartPre=\nExecStartPre=/bin/b \\\n  c\nRestart=always\nRestartSec=1min 500ms\n[Install]\nWantedBy=multi-user.target other.target\n");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(unit.ExecStartPre, Is.EqualTo(new[] { "/bin/b  c" }));
            Assert.That(unit.Restart, Is.EqualTo("always"));
            Assert.That(unit.RestartDelay, Is.EqualTo(TimeSpan.FromSeconds(60.5)));
            Assert.That(unit.WantedBy, Is.EqualTo(new[] { "multi-user.target", "other.target" }));
            Assert.That(unit.Type, Is.EqualTo("simple"));
        }
    }

    [TestCase("/bin/a b", new[] { "/bin/a", "b" })]
    [TestCase("/bin/a \"b c\" 'd e'", new[] { "/bin/a", "b c", "d e" })]
    [TestCase("/bin/a $WORDS \"$WORDS\" ${WORDS}", new[] { "/bin/a", "a", "b", "$WORDS", "a b" })]
    [TestCase("/bin/a x${ONE}y $NONE $$ONE 100%% %n", new[] { "/bin/a", "x1y", "$ONE", "100%", "x.service" })]
    [TestCase("-/bin/a", new[] { "/bin/a" })]
    public void Parse_Command_SplitsAndReplaces(string line, string[] words) =>
        Assert.That(UnitCommand.Parse(line, "x.service", Environment).Words, Is.EqualTo(words));

    [Test]
    public void Parse_OpenQuote_IsAnError() =>
        Assert.That(() => UnitCommand.Parse("/bin/a 'b", "x.service", Environment), Throws.TypeOf<FormatException>());

    [Test]
    public void EnvironmentFile_CommentsAndQuotes_AreRead() =>
        Assert.That(
            UnitCommand.EnvironmentFile("# no\nA=1\n B = \"two words\"\n;C=3\nD=\nnonsense\n"),
            Is.EqualTo(new Dictionary<string, string> { ["A"] = "1", ["B"] = "two words", ["D"] = "" }));

    [Test]
    public void TryStart_FiveStartsInTenSeconds_RefusesTheSixth()
    {
        var limit = new StartLimit();
        var starts = new List<bool>();
        for (var count = 0; count < 6; count++)
        {
            starts.Add(limit.TryStart(5, TimeSpan.FromSeconds(10)));
            limit.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.That(starts, Is.EqualTo(new[] { true, true, true, true, true, false }));
    }

    [Test]
    public void TryStart_SlowRestarts_NeverRefuses()
    {
        var limit = new StartLimit();

        for (var count = 0; count < 20; count++)
        {
            Assert.That(limit.TryStart(5, TimeSpan.FromSeconds(10)), $"start {count}");
            limit.Pass(TimeSpan.FromSeconds(2));
        }
    }

    [TestCase("sync2-web", "sync2-*", true)]
    [TestCase("sync2-web", "sync?-web", true)]
    [TestCase("sync2-web", "sync*x", false)]
    [TestCase("a*c", "a\\*c", true)]
    [TestCase("abc", "a\\*c", false)]
    [TestCase("", "*", true)]
    [TestCase("abcbd", "a*b*d", true)]
    public void Like_Patterns_MatchAsAwsDoes(string value, string pattern, bool matches) =>
        Assert.That(Filters.Like(value, pattern), Is.EqualTo(matches));

    [Test]
    public void Below_PathThatClimbs_IsRefused()
    {
        var paths = new MachinePaths("/state", "i-1");

        Assert.That(paths.Below("/etc/x"), Is.EqualTo("/state/instances/i-1/root/etc/x"));
        Assert.That(() => paths.Below("/../../other"), Throws.InvalidOperationException);
    }
}
