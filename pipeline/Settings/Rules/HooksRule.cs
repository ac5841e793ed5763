namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>A hook is a command or a webhook, not both and not nothing. A URL is never shown: it may hold a token.</summary>
internal sealed class HooksRule : ISettingsRule
{
    public void Check(EnvironmentSettings settings, SettingsErrors errors)
    {
        for (var i = 0; i < settings.Hooks.Count; i++)
        {
            var hook = settings.Hooks[i];
            var ways = (hook.Command.Count > 0 ? 1 : 0) + (hook.Url is null ? 0 : 1) + (hook.UrlEnvironment is null ? 0 : 1);
            if (ways != 1)
                errors.Add($"hooks[{i}]", "must have one of command, url and urlEnvironment");
            if (hook.Url is { Scheme: not ("http" or "https") } url)
                errors.Add($"hooks[{i}].url", $"must be an http or https address, is one of {url.Scheme}");
        }
    }
}
