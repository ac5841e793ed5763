using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Settings;

public sealed class NearestNameTests
{
    [TestCase("cuont", "count")]
    [TestCase("Rolling-Deply", "Rolling-Deploy")]
    [TestCase("rollingdeploy", "Rolling-Deploy")]
    [TestCase("xyz", null)]
    [TestCase("", null)]
    public void Of_Typed_GuessesOnlyWhatIsNear(string typed, string? expected)
    {
        var guess = NearestName.Of(typed, ["count", "instanceType", "Rolling-Deploy", "Deploy"]);

        Assert.That(guess, Is.EqualTo(expected));
    }

    [Test]
    public void Several_Typed_NamesTheNearestFirst()
    {
        var near = NearestName.Several("Ensure-DC", ["Deploy", "Ensure-Cache", "Ensure-DB", "Ensure-DCs"], most: 3);

        Assert.That(near, Is.EqualTo((string[])["Ensure-DB", "Ensure-DCs"]));
    }
}
