using System.Net;

namespace TuanLink.Bot.Channels.Outside;

/// <summary>The rule for addresses in settings that secrets go to or keys come from.</summary>
public static class SecureAddress
{
    public const string Rule = "it must be an absolute https address (http only on this machine)";

    public static bool Is(string address) => Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && Is(uri);

    public static bool Is(Uri uri) => uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps
            || (uri.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address)));
}
