using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2.Images;

/// <summary>The images that nobody had to bake: a minimal tree, one an architecture.</summary>
internal sealed class BaseImages : IBaseImages
{
    /// <summary>The account that AWS publishes its images from.</summary>
    public const string Owner = "137112412989";

    private static readonly Dictionary<string, string> ByArchitecture = new(StringComparer.Ordinal)
    {
        ["x86_64"] = "ami-0c5a0000000086064",
        ["arm64"] = "ami-0c5a0000000a64064",
    };

    private static readonly DateTimeOffset Published = new(2026, 1, 5, 20, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public string ImageId(string architecture) => ByArchitecture.TryGetValue(architecture, out var id)
        ? id
        : throw new ArgumentException($"There is no base image for '{architecture}', only for {string.Join(" and ", ByArchitecture.Keys)}.", nameof(architecture));

    public static bool IsBase(string imageId) => ByArchitecture.ContainsValue(imageId);

    /// <summary>Puts them into a new state.</summary>
    public static void Seed(Ec2State state)
    {
        foreach (var (architecture, id) in ByArchitecture)
        {
            if (state.Images.Exists(image => image.Id == id)) continue;
            state.Images.Add(new ImageRecord
            {
                Id = id,
                Name = $"al2023-ami-2023.9.20260105.0-kernel-6.1-{architecture}",
                Description = $"Amazon Linux 2023 AMI 2023.9.20260105.0 {architecture} HVM kernel-6.1 (LocalCloud)",
                Architecture = architecture,
                Created = Published,
                AvailableAt = Published,
                SnapshotId = "snap-" + id[4..],
                IsBase = true,
            });
        }
    }
}
