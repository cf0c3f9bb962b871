using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;

namespace TuanLink.Benchmarks.Load;

/// <summary>One youth on the chat page: a conversation of one's own, a WebSocket to hear by, words now and then.</summary>
internal sealed class SocketYouth(int number, DirectLine line) : IDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly Dictionary<string, long> said = new(StringComparer.Ordinal);
    private readonly Queue<long> unanswered = new();
    private BegunConversation conversation = null!;
    private int words;

    /// <summary>Milliseconds from saying something until the own words came back by the socket.</summary>
    public List<double> Echoes { get; } = [];

    /// <summary>Milliseconds from saying something until the bot's next words came.</summary>
    public List<double> Answers { get; } = [];

    /// <summary>What went wrong, in words to be counted.</summary>
    public List<string> Errors { get; } = [];

    public int Said { get; private set; }

    /// <summary>Gets a token, begins the conversation, opens the socket.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        conversation = await line.BeginAsync(cancellation);
        await socket.ConnectAsync(conversation.Stream, cancellation);
    }

    /// <summary>Says something every so often until the end; what is not done then is abandoned.</summary>
    /// <param name="first">Before the first words, so that not all speak at once.</param>
    public async Task TalkAsync(TimeSpan first, TimeSpan every, CancellationToken end)
    {
        try
        {
            await Task.Delay(first, end);
            using var beat = new PeriodicTimer(every);
            do
                await SayAsync();
            while (await beat.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    /// <summary>Hears until the socket ends or hearing is called off.</summary>
    public async Task HearAsync(CancellationToken end)
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(filled), end);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    Errors.Add("socket closed by the service");
                    return;
                }

                filled += part.Count;
                if (!part.EndOfMessage)
                    continue;
                if (filled > 0)
                    Note(buffer.AsMemory(0, filled));
                filled = 0;
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
        catch (WebSocketException)
        {
            Errors.Add("socket broken");
        }
    }

    /// <summary>Words that never came back.</summary>
    public int Unheard
    {
        get
        {
            lock (said)
                return said.Count;
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task SayAsync()
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{number}-{words}");
        var text = words == 0 ? Matters.Openings[number % Matters.Openings.Length] : Matters.FollowUps[(number + words) % Matters.FollowUps.Length];
        words++;
        lock (said)
            said[key] = Stopwatch.GetTimestamp();
        try
        {
            await line.SayAsync(conversation, key, text, CancellationToken.None);
            Said++;
        }
        catch (HttpRequestException failure)
        {
            lock (said)
                said.Remove(key);
            Errors.Add(failure.StatusCode is { } status ? $"POST answered {(int)status}" : "POST broken");
        }
    }

    private void Note(ReadOnlyMemory<byte> frame)
    {
        var now = Stopwatch.GetTimestamp();
        using var json = JsonDocument.Parse(frame);
        foreach (var activity in json.RootElement.GetProperty("activities").EnumerateArray())
        {
            if (activity.GetProperty("type").GetString() != "message")
                continue;
            if (activity.GetProperty("from").GetProperty("role").GetString() == "bot")
            {
                if (unanswered.TryDequeue(out var asked))
                    Answers.Add(Stopwatch.GetElapsedTime(asked, now).TotalMilliseconds);
                continue;
            }

            lock (said)
                if (said.Remove(activity.GetProperty("channelData").GetProperty("clientActivityID").GetString()!, out var sent))
                {
                    Echoes.Add(Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds);
                    unanswered.Enqueue(sent);
                }
        }
    }
}
