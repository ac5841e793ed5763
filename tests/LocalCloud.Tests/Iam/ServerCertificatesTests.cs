using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Iam;
using SyncStorage.LocalCloud.Services.Iam.Certificates;
using SyncStorage.LocalCloud.Tests.Elb;

namespace SyncStorage.LocalCloud.Tests.Iam;

internal sealed class ServerCertificatesTests
{
    private const string Arn = "arn:aws:iam::000000000000:server-certificate/sync2/front";

    private readonly string directory = Directory.CreateTempSubdirectory("iam-test-").FullName;
    private readonly FakeTimeProvider time = new();
    private ServerCertificates certificates = null!;
    private IamService iam = null!;

    [SetUp]
    public void Start()
    {
        certificates = new ServerCertificates(Context());
        iam = new IamService(Context(), certificates);
    }

    [TearDown]
    public void Stop()
    {
        certificates.Dispose();
        Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(directory);
    }

    [OneTimeTearDown]
    public void RemoveDirectory() => Directory.Delete(directory, recursive: true);

    [Test]
    public async Task Upload_ValidCertificate_IsFoundWithItsKeyOnceOthersKnowIt()
    {
        var (body, key) = Certificate();

        var answer = await iam.CallAsync("UploadServerCertificate", Upload(body, key));
        var atOnce = certificates.Find(Arn);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.That((string)answer["ServerCertificateMetadata"]!["Arn"]!, Is.EqualTo(Arn));
        Assert.That(atOnce, Is.Null);
        Assert.That(certificates.Find(Arn)?.TargetCertificate.HasPrivateKey, Is.True);
        Assert.That(certificates.Find(Arn + "x"), Is.Null);
    }

    [Test]
    public async Task Get_UploadedCertificate_ShowsEverythingButTheKey()
    {
        var (body, key) = Certificate();
        await iam.CallAsync("UploadServerCertificate", Upload(body, key));

        var shown = (await iam.CallAsync("GetServerCertificate", """{"ServerCertificateName":"FRONT"}"""))["ServerCertificate"]!;
        var listed = (await iam.CallAsync("ListServerCertificates", """{"PathPrefix":"/sync2/"}"""))["ServerCertificateMetadataList"]!.AsArray();

        Assert.That((string)shown["CertificateBody"]!, Is.EqualTo(body));
        Assert.That((string)shown["Tags"]![0]!["Value"]!, Is.EqualTo("sync2"));
        Assert.That(shown.ToJsonString(), Does.Not.Contain("PRIVATE"));
        Assert.That(listed, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task State_AfterARestart_HasTheCertificateWithItsKey()
    {
        var (body, key) = Certificate();
        await iam.CallAsync("UploadServerCertificate", Upload(body, key));
        time.Advance(TimeSpan.FromMinutes(1));

        using var again = new ServerCertificates(Context());

        Assert.That(again.Find(Arn)?.TargetCertificate.HasPrivateKey, Is.True);
    }

    [Test]
    public async Task Delete_WhileInUse_IsRefused()
    {
        var (body, key) = Certificate();
        await iam.CallAsync("UploadServerCertificate", Upload(body, key));
        var inUse = true;
        certificates.RegisterUser(arn => inUse && arn == Arn);

        var refused = await iam.ErrorOfAsync("DeleteServerCertificate", """{"ServerCertificateName":"front"}""");
        inUse = false;
        await iam.CallAsync("DeleteServerCertificate", """{"ServerCertificateName":"front"}""");

        Assert.That(refused, Is.EqualTo("DeleteConflict"));
        Assert.That(await iam.ErrorOfAsync("GetServerCertificate", """{"ServerCertificateName":"front"}"""), Is.EqualTo("NoSuchEntity"));
    }

    [Test]
    public async Task Upload_WhatAwsRefuses_IsRefusedWithItsCode()
    {
        var (body, key) = Certificate();
        var (_, other) = Certificate();
        using var rsa = RSA.Create(2048);
        await iam.CallAsync("UploadServerCertificate", Upload(body, key));

        Assert.That(await iam.ErrorOfAsync("UploadServerCertificate", Upload(body, key)), Is.EqualTo("EntityAlreadyExists"));
        Assert.That(await iam.ErrorOfAsync("UploadServerCertificate", Upload(body, other)), Is.EqualTo("KeyPairMismatch"));
        Assert.That(await iam.ErrorOfAsync("UploadServerCertificate", Upload(body, rsa.ExportPkcs8PrivateKeyPem())), Is.EqualTo("KeyPairMismatch"));
        Assert.That(await iam.ErrorOfAsync("UploadServerCertificate", Upload(body, "no key")), Is.EqualTo("MalformedCertificate"));
        Assert.That(await iam.ErrorOfAsync("UploadServerCertificate", Upload("no certificate", key)), Is.EqualTo("MalformedCertificate"));
    }

    private static (string Body, string Key) Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=sync.localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static string Upload(string body, string key) => new JsonObject
    {
        ["ServerCertificateName"] = "front",
        ["Path"] = "/sync2/",
        ["CertificateBody"] = body,
        ["PrivateKey"] = key,
        ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "Cluster", ["Value"] = "sync2" }),
    }.ToJsonString();

    private CloudContext Context() =>
        new(directory, "us-east-1", "000000000000", new Uri("http://127.0.0.1:4599"), new TimeScale(1), time);
}
