using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>Uploads in parts: each part is a file below <c>uploads/&lt;id&gt;/</c> until they are put together.</summary>
internal sealed partial class S3Service
{
    private const long SmallestPart = 5 * 1024 * 1024;
    private const int MostParts = 10_000;

    private static readonly JsonSerializerOptions PartJson = new(JsonSerializerDefaults.Web);

    private static ApiResult CreateMultipartUpload(Bucket bucket, ApiCall call)
    {
        var upload = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var folder = Path.Combine(bucket.UploadsFolder, upload);
        PrivateFile.CreateDirectory(folder);
        var state = new UploadState(Key(call), Attributes(bucket, call.Input));
        PrivateFile.Write(Path.Combine(folder, "upload.json"), JsonSerializer.SerializeToUtf8Bytes(state, PartJson));
        return new JsonObject
        {
            ["Bucket"] = bucket.State.Name,
            ["Key"] = state.Key,
            ["UploadId"] = upload,
            ["ServerSideEncryption"] = state.Attributes["ServerSideEncryption"]?.DeepClone(),
        };
    }

    private static async Task<ApiResult> UploadPartAsync(Bucket bucket, ApiCall call, CancellationToken cancellationToken)
    {
        var (folder, upload) = FindUpload(bucket, call);
        var number = call.Input.Number("PartNumber") ?? 0;
        if (number is < 1 or > MostParts) throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive");
        var body = (PayloadStream)call.Body;
        var temporary = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".tmp");
        var size = await WriteFileAsync(temporary, body, cancellationToken);
        var part = new PartState(number, size, body.Md5!);
        lock (bucket.Gate)
        {
            if (!Directory.Exists(folder)) throw S3Errors.NoSuchUpload;
            File.Move(temporary, DataOf(folder, number), overwrite: true);
            PrivateFile.Write(Path.Combine(folder, Invariant($"{number}.json")), JsonSerializer.SerializeToUtf8Bytes(part, PartJson));
        }

        var output = new JsonObject { ["ETag"] = $"\"{part.Md5}\"", ["ServerSideEncryption"] = upload.Attributes["ServerSideEncryption"]?.DeepClone() };
        if (body.ChecksumName is { } checksum) output[ChecksumMembers[checksum]] = body.ChecksumValue;
        return output;
    }

    private async Task<ApiResult> CompleteMultipartUploadAsync(Bucket bucket, ApiCall call, CancellationToken cancellationToken)
    {
        var (folder, upload) = FindUpload(bucket, call);
        var asked = call.Input.Structure("MultipartUpload")?.Structures("Parts") ?? [];
        if (asked.Count == 0) throw WireErrors.MalformedXml;
        var began = CheckBeforeWrite(bucket, upload.Key, call.Input);
        var parts = CheckParts(folder, asked);
        var data = await JoinAsync(bucket, folder, parts, cancellationToken);
        var version = Version(bucket, upload.Attributes, data);
        Commit(bucket, upload.Key, version, call.Input, began);
        lock (bucket.Gate) Directory.Delete(folder, recursive: true);
        var output = Written(bucket, version).Output;
        output["Bucket"] = bucket.State.Name;
        output["Key"] = upload.Key;
        output["Location"] = new Uri(cloud.Endpoint, $"/{bucket.State.Name}/{Uri.EscapeDataString(upload.Key)}").ToString();
        return output;
    }

    private static ApiResult AbortMultipartUpload(Bucket bucket, ApiCall call)
    {
        Directory.Delete(FindUpload(bucket, call).Folder, recursive: true);
        return ApiResult.Empty;
    }

    private ApiResult ListParts(Bucket bucket, ApiCall call)
    {
        var (folder, upload) = FindUpload(bucket, call);
        var after = call.Input.Number("PartNumberMarker") ?? 0;
        var most = Math.Clamp(call.Input.Number("MaxParts") ?? LargestPage, 1, LargestPage);
        var parts = PartsOf(folder).Where(part => part.Number > after).Take(most + 1).ToList();
        var shown = parts.Take(most).ToList();
        return new JsonObject
        {
            ["Bucket"] = bucket.State.Name,
            ["Key"] = upload.Key,
            ["UploadId"] = call.Input.Text("UploadId"),
            ["PartNumberMarker"] = after,
            ["NextPartNumberMarker"] = shown.LastOrDefault()?.Number ?? 0,
            ["MaxParts"] = most,
            ["IsTruncated"] = parts.Count > most,
            ["StorageClass"] = "STANDARD",
            ["Owner"] = Owner(),
            ["Parts"] = shown.Select(part => new JsonObject
            {
                ["PartNumber"] = part.Number,
                ["ETag"] = $"\"{part.Md5}\"",
                ["Size"] = part.Size,
                ["LastModified"] = new DateTimeOffset(File.GetLastWriteTimeUtc(DataOf(folder, part.Number))).ToTimestamp(),
            }).ToJson(),
        };
    }

    private static (string Folder, UploadState Upload) FindUpload(Bucket bucket, ApiCall call)
    {
        // The id becomes part of a path: only what we made ourselves may.
        var id = call.Input.Text("UploadId") ?? "";
        var folder = Path.Combine(bucket.UploadsFolder, id);
        var file = Path.Combine(folder, "upload.json");
        if (id.Length != 64 || !id.All(char.IsAsciiHexDigitLower) || !File.Exists(file)) throw S3Errors.NoSuchUpload;
        var upload = JsonSerializer.Deserialize<UploadState>(File.ReadAllBytes(file), PartJson)!;
        return upload.Key == Key(call) ? (folder, upload) : throw S3Errors.NoSuchUpload;
    }

    private static List<PartState> CheckParts(string folder, IReadOnlyList<JsonObject> asked)
    {
        var present = PartsOf(folder).ToDictionary(part => part.Number);
        var chosen = new List<PartState>();
        foreach (var item in asked)
        {
            if (item.Number("PartNumber") is not { } number || !present.TryGetValue(number, out var part) || item.Text("ETag")?.Trim('"') != part.Md5)
                throw new AwsException("InvalidPart", "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.");
            if (chosen.Count > 0 && chosen[^1].Number >= number)
                throw new AwsException("InvalidPartOrder", "The list of parts was not in ascending order. The parts list must be specified in order by part number.");
            chosen.Add(part);
        }

        if (chosen.SkipLast(1).Any(part => part.Size < SmallestPart))
            throw new AwsException("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
        return chosen;
    }

    private static async Task<StoredData> JoinAsync(Bucket bucket, string folder, List<PartState> parts, CancellationToken cancellationToken)
    {
        var file = Bucket.NewDataFile();
        await using (var target = new FileStream(bucket.DataPath(file), PrivateFile.Options(FileMode.CreateNew)))
        {
            foreach (var part in parts)
            {
                await using var source = File.OpenRead(DataOf(folder, part.Number));
                await source.CopyToAsync(target, cancellationToken);
            }
        }

        // The tag of joined parts is the MD5 of their MD5s, and their count.
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var part in parts) md5.AppendData(Convert.FromHexString(part.Md5));
        return new StoredData(file, parts.Sum(part => part.Size), Invariant($"\"{Convert.ToHexStringLower(md5.GetHashAndReset())}-{parts.Count}\""), null, null);
    }

    private static IEnumerable<PartState> PartsOf(string folder) => Directory.EnumerateFiles(folder, "*.json")
        .Where(file => Path.GetFileName(file) != "upload.json")
        .Select(file => JsonSerializer.Deserialize<PartState>(File.ReadAllBytes(file), PartJson)!)
        .OrderBy(part => part.Number);

    private static string DataOf(string folder, int number) => Path.Combine(folder, Invariant($"{number}.part"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record UploadState(string Key, JsonObject Attributes);

    private sealed record PartState(int Number, long Size, string Md5);
}
