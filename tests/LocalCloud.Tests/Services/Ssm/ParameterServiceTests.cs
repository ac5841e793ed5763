using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Services.Ssm;

[Category(Categories.Emulator)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ParameterServiceTests : IAsyncDisposable
{
    private LocalCloudFixture cloud = null!;
    private AmazonSimpleSystemsManagementClient ssm = null!;

    [SetUp]
    public async Task StartAsync()
    {
        cloud = await LocalCloudFixture.StartAsync();
        ssm = cloud.Ssm();
    }

    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
    }

    [Test]
    public async Task PutParameter_SecureString_IsReadDecryptedAndStoredEncrypted()
    {
        await PutAsync("/sync2/db/db0/master", "correct horse battery");

        var plain = await ssm.GetParameterAsync(new GetParameterRequest { Name = "/sync2/db/db0/master", WithDecryption = true });
        var cipher = await ssm.GetParameterAsync(new GetParameterRequest { Name = "/sync2/db/db0/master" });

        var files = Directory.EnumerateFiles(cloud.StateDirectory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("/lock", StringComparison.Ordinal));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plain.Parameter.Value, Is.EqualTo("correct horse battery"));
            Assert.That(plain.Parameter.ARN, Is.EqualTo("arn:aws:ssm:us-east-1:000000000000:parameter/sync2/db/db0/master"));
            Assert.That(cipher.Parameter.Value, Does.Not.Contain("horse"));
            Assert.That(files.Where(file => File.ReadAllText(file).Contains("correct horse", StringComparison.Ordinal)), Is.Empty);
        }
    }

    [Test]
    public async Task PutParameter_ExistsWithoutOverwrite_IsRefusedAndUnchanged()
    {
        await PutAsync("/sync2/master-secret", "one");

        await Assert.ThrowsAsync<ParameterAlreadyExistsException>(() => PutAsync("/sync2/master-secret", "two"));

        Assert.That((await ReadAsync("/sync2/master-secret")).Value, Is.EqualTo("one"));
    }

    [Test]
    public async Task PutParameter_Overwrite_CountsVersionsAndKeepsOldOnes()
    {
        await PutAsync("/a", "one");

        var put = await ssm.PutParameterAsync(new PutParameterRequest { Name = "/a", Value = "two", Overwrite = true });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(put.Version, Is.EqualTo(2));
            Assert.That((await ReadAsync("/a")).Value, Is.EqualTo("two"));
            Assert.That((await ReadAsync("/a:1")).Value, Is.EqualTo("one"));
            await Assert.ThrowsAsync<ParameterVersionNotFoundException>(() => ReadAsync("/a:3"));
        }
    }

    [Test]
    public async Task PutParameter_TagsWithOverwrite_IsAValidationError()
    {
        var refused = await Assert.CatchAsync<AmazonSimpleSystemsManagementException>(() => ssm.PutParameterAsync(new PutParameterRequest
        {
            Name = "/a",
            Value = "x",
            Type = ParameterType.String,
            Overwrite = true,
            Tags = [new Tag { Key = "k", Value = "v" }],
        }));

        Assert.That(refused!.ErrorCode, Is.EqualTo("ValidationException"));
    }

    [TestCase(4096, true)]
    [TestCase(4097, false)]
    public async Task PutParameter_Size_IsAtMostFourKilobytes(int length, bool accepted)
    {
        Task Put() => ssm.PutParameterAsync(new PutParameterRequest { Name = "/a", Value = new string('x', length), Type = ParameterType.String });

        if (accepted) await Put();
        else Assert.That((await Assert.CatchAsync<AmazonSimpleSystemsManagementException>(Put))!.ErrorCode, Is.EqualTo("ValidationException"));
    }

    [TestCase("sync2/x")]
    [TestCase("/ssm/x")]
    [TestCase("/with space")]
    [TestCase("/aws/x")]
    public async Task PutParameter_NameThatSsmForbids_IsRefused(string name)
    {
        var refused = await Assert.CatchAsync<AmazonSimpleSystemsManagementException>(() => PutAsync(name, "x"));

        Assert.That(refused!.ErrorCode, Is.AnyOf("ValidationException", "AccessDeniedException"));
    }

    [Test]
    public async Task GetParametersByPath_MoreThanAPage_GivesEachOnce()
    {
        foreach (var number in Enumerable.Range(10, 23)) await PutAsync($"/sync2/secrets/host{number}", $"{number}");
        await PutAsync("/sync2/master-secret", "x");

        var (names, request) = (new List<string>(), new GetParametersByPathRequest { Path = "/sync2/secrets", WithDecryption = true });
        do
        {
            var page = await ssm.GetParametersByPathAsync(request);
            Assert.That(page.Parameters, Has.Count.LessThanOrEqualTo(10));
            names.AddRange(page.Parameters.Select(parameter => parameter.Name));
            request.NextToken = page.NextToken;
        }
        while (request.NextToken is not null);

        Assert.That(names, Is.EqualTo(Enumerable.Range(10, 23).Select(number => $"/sync2/secrets/host{number}")));
    }

    [Test]
    public async Task GetParameters_SomeMissing_NamesTheInvalid()
    {
        await PutAsync("/a", "x");

        var got = await ssm.GetParametersAsync(new GetParametersRequest { Names = ["/a", "/b"] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(got.Parameters.Single().Name, Is.EqualTo("/a"));
            Assert.That(got.InvalidParameters, Is.EqualTo(["/b"]));
        }
    }

    [Test]
    public async Task DescribeParameters_ByPathAndTag_FindsThem()
    {
        await ssm.PutParameterAsync(new PutParameterRequest { Name = "/sync2/x/y", Value = "x", Type = ParameterType.String, Tags = [new Tag { Key = "Cluster", Value = "sync2" }] });
        await PutAsync("/other/x", "x");

        var byPath = await ssm.DescribeParametersAsync(new DescribeParametersRequest { ParameterFilters = [new ParameterStringFilter { Key = "Path", Option = "Recursive", Values = ["/sync2"] }] });
        var byTag = await ssm.DescribeParametersAsync(new DescribeParametersRequest { ParameterFilters = [new ParameterStringFilter { Key = "tag:Cluster", Values = ["sync2"] }] });
        var tags = await ssm.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceType = ResourceTypeForTagging.Parameter, ResourceId = "/sync2/x/y" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(byPath.Parameters.Select(parameter => parameter.Name), Is.EqualTo(["/sync2/x/y"]));
            Assert.That(byTag.Parameters.Select(parameter => parameter.Name), Is.EqualTo(["/sync2/x/y"]));
            Assert.That(tags.TagList.Single().Value, Is.EqualTo("sync2"));
        }
    }

    [Test]
    public async Task DeleteParameters_AfterRestart_AreGoneAndOthersStay()
    {
        foreach (var name in new[] { "/a", "/b", "/c" }) await PutAsync(name, name);
        var deleted = await ssm.DeleteParametersAsync(new DeleteParametersRequest { Names = ["/a", "/b", "/nothing"] });

        await cloud.RestartAsync(keepProcesses: false);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(deleted.DeletedParameters, Is.EqualTo(["/a", "/b"]));
            Assert.That(deleted.InvalidParameters, Is.EqualTo(["/nothing"]));
            await Assert.ThrowsAsync<ParameterNotFoundException>(() => ReadAsync("/a"));
            Assert.That((await ReadAsync("/c")).Value, Is.EqualTo("/c"));
        }
    }

    private Task<PutParameterResponse> PutAsync(string name, string value) =>
        ssm.PutParameterAsync(new PutParameterRequest { Name = name, Value = value, Type = ParameterType.SecureString });

    private async Task<Parameter> ReadAsync(string name) =>
        (await ssm.GetParameterAsync(new GetParameterRequest { Name = name, WithDecryption = true })).Parameter;
}
