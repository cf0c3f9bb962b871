using System.Net;
using System.Net.Sockets;

namespace TuanLink.Bot.Channels.Outside;

/// <summary>
/// Which addresses of the network are the world's, after the registries of special-purpose addresses (RFC 6890, IANA 2025). What a stranger
/// may have us call must be one of them: everything else is this machine, this network, or a form that hides one of the two.
/// </summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] NotTheWorld =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Inside the global block, but documentation, benchmarking, or a tunnel that carries an IPv4 address we cannot see.
    private static readonly IPNetwork[] NotGlobal =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Whether the address belongs to a machine of the world.</summary>
    public static bool Has(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !NotTheWorld.Any(n => n.Contains(address))
            : GlobalUnicast.Contains(address) && !NotGlobal.Any(n => n.Contains(address));
    }

    /// <summary>Whether the address is https to a host that may be one of the world: judged by its writing alone, before any name is looked up.</summary>
    /// <param name="alsoPlain">Whether http will do, where nothing secret goes there.</param>
    public static bool MayBe(Uri uri, bool alsoPlain = false)
    {
        if ((uri.Scheme != Uri.UriSchemeHttps && !(alsoPlain && uri.Scheme == Uri.UriSchemeHttp)) || uri.UserInfo.Length > 0)
            return false;
        string host = uri.IdnHost.TrimEnd('.');
        // Uri itself turns decimal, octal and short forms of an IPv4 address into the usual one.
        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address))
            return Has(address);
        string[] labels = host.Split('.');
        return uri.HostNameType == UriHostNameType.Dns && labels.Length > 1 && !char.IsAsciiDigit(labels[^1][0])
            && labels[^1] is not ("local" or "localhost" or "internal" or "intranet" or "lan" or "home" or "corp" or "arpa");
    }
}
