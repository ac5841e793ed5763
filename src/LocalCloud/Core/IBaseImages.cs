namespace SyncStorage.LocalCloud.Core;

/// <summary>The images that exist from the start, as the public SSM parameters name them.</summary>
internal interface IBaseImages
{
    /// <summary>The newest base image of an architecture.</summary>
    /// <param name="architecture"><c>x86_64</c> or <c>arm64</c>.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    string ImageId(string architecture);
}
