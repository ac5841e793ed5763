using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Tests.Rollout;

public sealed class CompatibilityRulesTests
{
    private static readonly Compatibility Declared = new(new VersionRange(2, 3), new VersionRange(2, 3));

    [TestCase("2-2", "1-2", 2)]
    [TestCase("3-3", "3-4", 3)]
    [TestCase("2-3", null, 3)]
    [TestCase(null, null, 2)]
    public void Require_WithinAllRanges_IsFine(string? schema, string? serving, int format)
    {
        Assert.That(() => CompatibilityRules.Require("2.0", Declared, Found(schema, serving, format)), Throws.Nothing);
    }

    [TestCase("1-1", "1-2", 2, "the databases have 1", "too far ahead")]
    [TestCase("2-4", "3-4", 2, "the databases have 2 to 4", "too old")]
    [TestCase(null, "4-5", 2, "release 1.0, which serves beside it during the rollout, with 4 to 5", "too old")]
    [TestCase(null, "1-1", 2, "with 1", "too far ahead")]
    [TestCase("2-2", null, 1, "webheads get format 1", "too far ahead")]
    [TestCase("2-2", null, 4, "webheads get format 4", "too old")]
    public void Require_OutsideOne_IsRefusedWithTheWayRound(string? schema, string? serving, int format, string expected, string hint)
    {
        Assert.That(
            () => CompatibilityRules.Require("2.0", Declared, Found(schema, serving, format)),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.IncompatibleRelease).And.Message.Contains(expected).And.Property("Hint").Contains(hint));
    }

    [TestCase("1-2", "1-2")]
    [TestCase("1", null)]
    [TestCase("a-b", null)]
    [TestCase(null, null)]
    public void Parse_Tag_IsReadBackOrNothing(string? tag, string? expected) => Assert.That(VersionRange.Parse(tag)?.Tag, Is.EqualTo(expected));

    private static Surroundings Found(string? schema, string? serving, int format) =>
        new(VersionRange.Parse(schema), [format], "1.0", VersionRange.Parse(serving) is { } range ? new Compatibility(range, range) : null);
}
