using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Tests.Planning;

public sealed class JsonDifferencesTests
{
    [Test]
    public void Compare_ListElementInserted_OnlyThatOneDiffers()
    {
        var before = JsonNode.Parse("""{ "nodes": [{ "name": "db0", "port": 1 }, { "name": "db2", "port": 3 }] }""");
        var after = JsonNode.Parse("""{ "nodes": [{ "name": "db0", "port": 1 }, { "name": "db1", "port": 2 }, { "name": "db2", "port": 3 }] }""");

        var differences = JsonDifferences.Compare(before, after);

        Assert.That(differences, Is.EqualTo([new ValueChange("nodes[db1].name", null, "db1"), new ValueChange("nodes[db1].port", null, "2")]));
    }

    [TestCase("""{ "a": { "b": true } }""", """{ "a": { "b": false } }""", "a.b true → false")]
    [TestCase("""{ "a": "x" }""", """{ }""", "a x → none")]
    [TestCase("""{ }""", """{ "a": "ä<b>" }""", "a ä<b>")]
    [TestCase("""{ "a": [1, 2] }""", """{ "a": [1, 3] }""", "a[1] 2 → 3")]
    public void Compare_OneValue_SaysBothValues(string before, string after, string expected)
    {
        var differences = JsonDifferences.Compare(JsonNode.Parse(before), JsonNode.Parse(after));

        Assert.That(differences.Select(difference => difference.ToString()), Is.EqualTo([expected]));
    }

    [Test]
    public void Compare_NullAndAbsent_AreTheSame()
    {
        Assert.That(JsonDifferences.Compare(JsonNode.Parse("""{ "a": null, "b": [] }"""), JsonNode.Parse("{}")), Is.Empty);
    }
}
