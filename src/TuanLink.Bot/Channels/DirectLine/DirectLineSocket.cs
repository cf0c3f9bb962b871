using System.Net.WebSockets;
using System.Threading.Channels;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>One open WebSocket: sends in order what it is handed, hears nothing the client says but its going.</summary>
public sealed class DirectLineSocket(WebSocket socket, DateTimeOffset until, long mark, TimeProvider time)
{
    private const int LargestFrame = 4096;
    private const int MostWaiting = 512;
    private const int QuietChecks = 25;
    private const int MostFramesBetweenChecks = 100;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private (WebSocketCloseStatus Status, string Why) _end = (WebSocketCloseStatus.NormalClosure, "");
    private volatile bool _isEnding;
    private int _quiet;
    private int _frames;

    /// <summary>Scheme and host under which it was opened.</summary>
    public string Here { get; init; } = "";

    /// <summary>The id of the last entry handed over.</summary>
    public long Mark { get; private set; } = mark;

    /// <summary>Hands over what lies behind its mark; one that is too slow is cut off and comes again with the mark it reached.</summary>
    /// <param name="frames">A frame for each entry, made once for all sockets. Two activities of one frame would be mixed with the next frame's by Microsoft's client.</param>
    public void Hand(IReadOnlyList<(long Id, Lazy<byte[]> Frame)> frames)
    {
        foreach ((long id, Lazy<byte[]> frame) in frames)
        {
            if (id <= Mark)
                continue;
            Volatile.Write(ref _quiet, 0);
            if (!_waiting.Writer.TryWrite(frame.Value))
            {
                if (!_isEnding)
                    socket.Abort();
                // Nothing more is read for it.
                Mark = long.MaxValue;
                return;
            }
            Mark = id;
        }
    }

    /// <summary>Sends a frame that may as well be lost.</summary>
    public void Whisper(byte[] frame) => _waiting.Writer.TryWrite(frame);

    /// <summary>Called about once a second: ends it with its token, and sends the empty frame that keeps proxies from closing a quiet line.</summary>
    public void Check()
    {
        Volatile.Write(ref _frames, 0);
        if (time.GetUtcNow() >= until)
            End(WebSocketCloseStatus.PolicyViolation, "TokenExpired");
        else if (Interlocked.Increment(ref _quiet) % QuietChecks == 0)
            _waiting.Writer.TryWrite([]);
    }

    public void End(WebSocketCloseStatus status, string why)
    {
        if (_isEnding)
            return;
        _end = (status, why);
        _isEnding = true;
        _waiting.Writer.TryComplete();
    }

    /// <summary>Returns when the connection has ended, on whichever side.</summary>
    public async Task Run()
    {
        Task hearing = Hear();
        try
        {
            await foreach (byte[] frame in _waiting.Reader.ReadAllAsync())
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await socket.CloseOutputAsync(_end.Status, _end.Why, CancellationToken.None);
            await hearing.WaitAsync(Farewell);
        }
        catch (Exception e) when (IsGone(e) || e is TimeoutException)
        {
            // The client is gone; it comes again with its mark.
        }
        socket.Abort();
        await hearing;
    }

    // What a client sends here is nothing but signs of life.
    private async Task Hear()
    {
        byte[] frame = new byte[LargestFrame];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult heard = await socket.ReceiveAsync(frame.AsMemory(), CancellationToken.None);
                if (heard.MessageType == WebSocketMessageType.Close)
                    break;
                if (!heard.EndOfMessage)
                    End(WebSocketCloseStatus.MessageTooBig, "Words are sent by POST.");
                else if (Interlocked.Increment(ref _frames) > MostFramesBetweenChecks)
                    End(WebSocketCloseStatus.PolicyViolation, "Too many frames.");
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            // Cut off: the same as gone.
        }
        _isEnding = true;
        _waiting.Writer.TryComplete();
    }

    private static bool IsGone(Exception e) => e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;
}
