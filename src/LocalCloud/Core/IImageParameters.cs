namespace SyncStorage.LocalCloud.Core;

/// <summary>What EC2 asks of Systems Manager: a launch may name a parameter in place of an image.</summary>
internal interface IImageParameters
{
    /// <summary>A parameter's text, or null if there is none.</summary>
    /// <param name="name">Its name, maybe with a version after a colon.</param>
    string? ValueOf(string name);
}
