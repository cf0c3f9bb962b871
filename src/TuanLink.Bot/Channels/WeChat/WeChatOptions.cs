using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.Outside;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>A WeChat Official Account (section "WeChat"). Off unless enabled.</summary>
public sealed class WeChatOptions
{
    public const string Section = "WeChat";

    public bool Enabled { get; set; }

    /// <summary>The token entered at the platform; signs every callback. Never logged.</summary>
    public string Token { get; set; } = "";

    /// <summary>The account's app id (wx…).</summary>
    public string AppId { get; set; } = "";

    /// <summary>The app's secret. Never logged.</summary>
    public string AppSecret { get; set; } = "";

    /// <summary>43 characters; with it only encrypted callbacks are taken, without it only plain ones. Never logged.</summary>
    public string EncodingAesKey { get; set; } = "";

    /// <summary>A template message that calls the youth back when words wait outside the window; none if empty.</summary>
    public string TemplateId { get; set; } = "";

    /// <summary>The template's field that takes the sentence.</summary>
    public string TemplateField { get; set; } = "thing1";

    /// <summary>Where WeChat's API is.</summary>
    public string ApiAddress { get; set; } = "https://api.weixin.qq.com";

    /// <summary>How long a callback waits for its answer, in milliseconds; WeChat itself hangs up after 5000. With 0 every answer comes by itself, however quick it was.</summary>
    public int AnswerWithin { get; set; } = 4000;

    public bool IsEncrypted => EncodingAesKey.Length > 0;
}

internal sealed class WeChatOptionsRule : IValidateOptions<WeChatOptions>
{
    public ValidateOptionsResult Validate(string? name, WeChatOptions options)
    {
        if (!options.Enabled)
            return ValidateOptionsResult.Success;
        if (options.Token.Length is < 3 or > 32 || !options.Token.All(char.IsAsciiLetterOrDigit))
            return Wrong(nameof(options.Token), "it must be the 3 to 32 letters and digits entered at the platform");
        if (options.AppId.Length == 0)
            return Wrong(nameof(options.AppId), "the account's app id is needed");
        if (options.AppSecret.Length == 0)
            return Wrong(nameof(options.AppSecret), "the app's secret is needed");
        if (options.IsEncrypted && !WeChatCipher.IsKey(options.EncodingAesKey))
            return Wrong(nameof(options.EncodingAesKey), "it must be the 43 letters and digits shown at the platform, or empty");
        if (!SecureAddress.Is(options.ApiAddress))
            return ValidateOptionsResult.Fail($"WeChat:ApiAddress is '{options.ApiAddress}'; {SecureAddress.Rule}.");
        return options.AnswerWithin is >= 0 and <= 4800
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"WeChat:AnswerWithin is '{options.AnswerWithin}'; it must be 0 to 4800 milliseconds, since WeChat hangs up after 5000.");
    }

    // The values are secrets, or nothing: only the key is named.
    private static ValidateOptionsResult Wrong(string key, string rule) => ValidateOptionsResult.Fail($"WeChat:{key} is missing or wrong; {rule}.");
}
