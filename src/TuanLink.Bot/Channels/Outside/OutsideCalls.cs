using System.Net;
using System.Net.Sockets;

namespace TuanLink.Bot.Channels.Outside;

/// <summary>Looks a name up; a delegate, so that a test can let a name lead inside.</summary>
public delegate Task<IPAddress[]> ResolveName(string host, CancellationToken cancel);

/// <summary>The address leads to this machine or network, or nowhere.</summary>
public sealed class AddressRefused(string host) : IOException($"'{host}' leads to no address of the public network; it is not called.");

/// <summary>
/// Every call we make to an address that a stranger may have chosen, and those to addresses an administrator set. Redirects are not
/// followed, cookies and proxies not used, time and size are limited. The guarded client looks the name up itself and connects only to
/// what it looked up, if all of it is public: a name that answers differently the second time (DNS rebinding) gains nothing.
/// </summary>
public sealed class OutsideCalls : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private const int LargestAnswer = 1024 * 1024;

    public OutsideCalls(ResolveName resolve)
    {
        Guarded = Client(handler => handler.ConnectCallback = (context, cancel) => Connect(resolve, context.DnsEndPoint, cancel));
        Configured = Client(_ => { });
    }

    /// <summary>For addresses that came from outside.</summary>
    public HttpClient Guarded { get; }

    /// <summary>For addresses an administrator has set.</summary>
    public HttpClient Configured { get; }

    private static async ValueTask<Stream> Connect(ResolveName resolve, DnsEndPoint to, CancellationToken cancel)
    {
        IPAddress[] found = IPAddress.TryParse(to.Host.Trim('[', ']'), out IPAddress? literal) ? [literal] : await resolve(to.Host, cancel);
        if (found.Length == 0 || !found.All(PublicAddresses.Has))
            throw new AddressRefused(to.Host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static HttpClient Client(Action<SocketsHttpHandler> adjust)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 32,
            ActivityHeadersPropagator = null,
        };
        adjust(handler);
        return new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
    }

    public void Dispose()
    {
        Guarded.Dispose();
        Configured.Dispose();
    }
}
