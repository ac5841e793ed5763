using System.Net.Http;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Errors;

/// <summary>Turns whatever was thrown into an error for people.</summary>
public static class Failures
{
    private const int DiskFull = 28; // ENOSPC

    /// <summary>The failure as an error with a code; one that has a code already comes back as it is, wherever it was wrapped.</summary>
    /// <param name="error">What was thrown, perhaps wrapped by a task or a host.</param>
    public static PipelineException Explain(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var causes = Causes(error).ToList();
        return causes.OfType<PipelineException>().FirstOrDefault()
            ?? causes.Select(AwsFailures.Map).FirstOrDefault(mapped => mapped is not null)
            ?? causes.Select(Known).FirstOrDefault(known => known is not null)
            ?? new PipelineException(
                ErrorCode.Unexpected,
                $"{causes[^1].GetType().Name}: {causes[^1].Message}",
                hint: "This is a fault of the program. Run it again with --verbosity=Diagnostic, and report the output.",
                inner: error);
    }

    /// <summary>Whether an exception is the world's and no fault of this program: what undoing must survive.</summary>
    internal static bool IsExpected(Exception error) =>
        error is PipelineException or AmazonServiceException or AmazonClientException or OperationCanceledException
        or HttpRequestException or TimeoutException or IOException;

    private static PipelineException? Known(Exception error) => error switch
    {
        OperationCanceledException => new PipelineException(ErrorCode.Interrupted, "Interrupted.", hint: "Run the same command again: it goes on where it was.", inner: error),
        IOException full when (full.HResult & 0xFFFF) == DiskFull => new PipelineException(
            ErrorCode.FileSystem, $"No space is left on the disk: {full.Message}", hint: "Free some space (df -h), and run the same command.", inner: error),
        IOException or UnauthorizedAccessException => new PipelineException(ErrorCode.FileSystem, error.Message, inner: error),
        _ => null,
    };

    // A client that gave up after its own timeout throws the same type.
    private static bool IsCancellation(Exception error) => error is OperationCanceledException and not { InnerException: TimeoutException };

    // From the outside in. What a cancelled request says beneath is about the connection that it closed itself, and no failure of AWS.
    private static IEnumerable<Exception> Causes(Exception error)
    {
        yield return error;
        if (IsCancellation(error)) yield break;
        var inner = error is AggregateException aggregate ? aggregate.InnerExceptions : error.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        foreach (var cause in inner.SelectMany(Causes))
            yield return cause;
    }
}
