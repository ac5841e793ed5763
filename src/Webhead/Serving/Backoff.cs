using System.Globalization;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Serving;

/// <summary>Asks clients to come back later: because the configuration says so, or because there is too much to do.</summary>
internal sealed class Backoff(BackoffSettings settings, Random random)
{
    private const int OverloadSeconds = 30;
    private const int LeastFuzzSeconds = 5;
    private const double FuzzShare = 0.05;

    /// <summary>Whether this request is turned away, as an operator has told.</summary>
    public bool TurnsAway => Happens(settings.UnavailableProbability);

    /// <summary>The seconds for <c>Retry-After</c> when the operator turns requests away.</summary>
    public int RetryAfterSeconds => Fuzzed(settings.RetryAfterSeconds);

    /// <summary>The seconds for <c>Retry-After</c> when there is too much to do.</summary>
    public int OverloadRetryAfterSeconds => Fuzzed(OverloadSeconds);

    /// <summary>Adds the headers that ask to stay away for a while, if this answer shall have them.</summary>
    public void Apply(IHeaderDictionary headers, bool overloaded)
    {
        var seconds = Happens(settings.Probability) ? settings.RetryAfterSeconds : overloaded ? OverloadSeconds : 0;
        if (seconds == 0) return;
        var text = Fuzzed(seconds).ToString(CultureInfo.InvariantCulture);
        headers["X-Weave-Backoff"] = text;
        headers["X-Backoff"] = text;
    }

    // Never less than was said; and not the same for all, or they would all come back at once.
    private int Fuzzed(int seconds) => seconds + random.Next((int)Math.Max(LeastFuzzSeconds, seconds * FuzzShare) + 1);

    private bool Happens(double probability) => probability > 0 && random.NextDouble() < probability;
}
