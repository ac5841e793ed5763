namespace SyncStorage.Pipeline.Preflight;

/// <summary>Something that would keep a deployment from going through.</summary>
/// <param name="What">What is wrong, in a sentence.</param>
/// <param name="Next">What a person does about it.</param>
public sealed record Problem(string What, string Next);

/// <summary>What a check came to.</summary>
/// <param name="Found">What is well, in a few words; null if nothing is to be said.</param>
/// <param name="Problems">What is not.</param>
/// <param name="Notices">What should be known, and keeps nothing from going on.</param>
public sealed record CheckResult(string? Found, IReadOnlyList<Problem> Problems, IReadOnlyList<string> Notices)
{
    /// <summary>Well, or these problems.</summary>
    public static CheckResult Of(string found, params IEnumerable<Problem> problems)
    {
        List<Problem> all = [.. problems];
        return new CheckResult(all.Count == 0 ? found : null, all, []);
    }
}

/// <summary>One thing that is looked at before anything is made. It reads only.</summary>
public interface IPreflightCheck
{
    /// <summary>What it is about, e.g. <c>quotas</c>: for what could not be asked.</summary>
    string About { get; }

    /// <summary>Looks.</summary>
    Task<CheckResult> RunAsync(CancellationToken cancellationToken);
}
