using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace TuanLink.Benchmarks.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection on a bare socket. HttpClient would spend more on a request than the bots
/// spend on a turn, on the same cores.
/// </summary>
internal sealed class BotConnection(Uri bot) : IDisposable
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private Socket? socket;

    /// <summary>Sends the request and reads the answer to its end.</summary>
    /// <returns>The HTTP status.</returns>
    /// <exception cref="SocketException">No connection, or it broke before the answer was whole.</exception>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        try
        {
            socket ??= await OpenAsync(cancellation);
            for (var sent = 0; sent < request.Length;)
                sent += await socket.SendAsync(request[sent..], cancellation);
            return await ReadAnswerAsync(socket, cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private async Task<Socket> OpenAsync(CancellationToken cancellation)
    {
        var opening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await opening.ConnectAsync(new IPEndPoint(IPAddress.Parse(bot.Host), bot.Port), cancellation);
            return opening;
        }
        catch
        {
            opening.Dispose();
            throw;
        }
    }

    private async ValueTask<int> ReadAnswerAsync(Socket from, CancellationToken cancellation)
    {
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
                throw new SocketException((int)SocketError.MessageSize);
            var read = await from.ReceiveAsync(buffer.AsMemory(filled), cancellation);
            if (read == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            filled += read;
            if (Answer.TryRead(buffer.AsSpan(0, filled), out var answer))
            {
                if (answer.Closes)
                    Dispose();
                return answer.Status;
            }
        }
    }

    private readonly record struct Answer(int Status, bool Closes)
    {
        public static bool TryRead(ReadOnlySpan<byte> received, out Answer answer)
        {
            answer = default;
            var end = received.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return false;
            var head = received[..(end + 2)];
            var body = received[(end + 4)..];
            var whole = HasHeader(head, "transfer-encoding"u8, out var coding) && coding.SequenceEqual("chunked"u8)
                ? body.EndsWith("0\r\n\r\n"u8)
                : body.Length >= Length(head);
            if (!whole || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _))
                return false;
            answer = new Answer(status, HasHeader(head, "connection"u8, out var word) && word.SequenceEqual("close"u8));
            return true;
        }

        private static int Length(ReadOnlySpan<byte> head) =>
            HasHeader(head, "content-length"u8, out var value) && Utf8Parser.TryParse(value, out int length, out _)
                ? length
                : 0;

        private static bool HasHeader(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
        {
            for (var rest = head; rest.IndexOf("\r\n"u8) is var end and >= 0; rest = rest[(end + 2)..])
            {
                var line = rest[..end];
                if (line.Length <= name.Length || line[name.Length] != ':' || !Same(line[..name.Length], name))
                    continue;
                value = line[(name.Length + 1)..].Trim((byte)' ');
                return true;
            }

            value = default;
            return false;
        }

        private static bool Same(ReadOnlySpan<byte> given, ReadOnlySpan<byte> lower)
        {
            for (var at = 0; at < lower.Length; at++)
                if ((given[at] | 0x20) != lower[at] && given[at] != lower[at])
                    return false;
            return true;
        }
    }
}
