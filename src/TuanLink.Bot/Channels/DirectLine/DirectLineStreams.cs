using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>
/// The open sockets by conversation. Whoever adds to a transcript wakes its conversation after the commit: one read serves all its sockets.
/// On PostgreSQL another node may have added, so the open conversations are looked at once a second as well.
/// </summary>
public sealed class DirectLineStreams(IDbContextFactory<RoutingDb> databases, DirectLineFiles files, TimeProvider time, IHostApplicationLifetime life, ILogger<DirectLineStreams> log) : BackgroundService
{
    /// <summary>Sockets of one conversation; one more ends the oldest, which a lost connection may have left behind.</summary>
    public const int MostOfOneConversation = 10;

    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Listeners> _open = new(StringComparer.Ordinal);

    /// <summary>Something was added to this conversation's transcript, and committed.</summary>
    public void Wake(string conversation)
    {
        lock (_open)
        {
            if (!_open.TryGetValue(conversation, out Listeners? listeners))
                return;
            listeners.HasNews = true;
            if (listeners.IsReading)
                return;
            listeners.IsReading = true;
            _ = Task.Run(() => Read(conversation, listeners));
        }
    }

    /// <summary>Hands a frame that is in no transcript to the sockets open now; it moves no mark.</summary>
    public void Whisper(string conversation, byte[] frame)
    {
        lock (_open)
            if (_open.TryGetValue(conversation, out Listeners? listeners))
                foreach (DirectLineSocket socket in listeners.Sockets)
                    socket.Whisper(frame);
    }

    /// <summary>Serves a socket until it ends.</summary>
    /// <param name="here">Scheme and host under which it was opened.</param>
    public async Task Serve(WebSocket socket, DirectLineTicket ticket, long mark, string here)
    {
        var one = new DirectLineSocket(socket, ticket.Until, mark, time) { Here = here };
        lock (_open)
        {
            if (!_open.TryGetValue(ticket.ConversationId, out Listeners? listeners))
                _open[ticket.ConversationId] = listeners = new Listeners();
            if (listeners.Sockets.Count >= MostOfOneConversation)
            {
                listeners.Sockets[0].End(WebSocketCloseStatus.PolicyViolation, "Too many connections.");
                listeners.Sockets.RemoveAt(0);
            }
            listeners.Sockets.Add(one);
        }
        using CancellationTokenRegistration stop = life.ApplicationStopping.Register(() => one.End(WebSocketCloseStatus.EndpointUnavailable, "The service is stopping."));
        try
        {
            Wake(ticket.ConversationId);
            await one.Run();
        }
        finally
        {
            lock (_open)
                if (_open.TryGetValue(ticket.ConversationId, out Listeners? listeners))
                {
                    listeners.Sockets.Remove(one);
                    if (listeners.Sockets.Count == 0)
                        _open.Remove(ticket.ConversationId);
                }
        }
    }

    private async Task Read(string conversation, Listeners listeners)
    {
        while (Begin(listeners) is { Length: > 0 } sockets)
            try
            {
                long from = sockets.Min(s => s.Mark);
                await using RoutingDb db = await databases.CreateDbContextAsync(life.ApplicationStopping);
                List<Shown> news = await TranscriptNews.After(db, files, conversation, from, life.ApplicationStopping);
                foreach (IGrouping<string, DirectLineSocket> there in sockets.GroupBy(s => s.Here, StringComparer.Ordinal))
                {
                    List<(long, Lazy<byte[]>)> frames = news.ConvertAll(shown => (shown.Id, new Lazy<byte[]>(() => TranscriptNews.Write([shown], from, there.Key))));
                    foreach (DirectLineSocket socket in there)
                        socket.Hand(frames);
                }
                if (news.Count == TranscriptNews.Most)
                    lock (_open)
                        listeners.HasNews = true;
            }
            catch (OperationCanceledException)
            {
                // The service stops; the clients come again elsewhere with their marks.
            }
            catch (Exception e)
            {
                log.LogError(e, "A transcript could not be read for its sockets; they are ended and come again.");
                foreach (DirectLineSocket socket in sockets)
                    socket.End(WebSocketCloseStatus.InternalServerError, "");
            }
    }

    private DirectLineSocket[] Begin(Listeners listeners)
    {
        lock (_open)
        {
            listeners.IsReading = listeners.HasNews && listeners.Sockets.Count > 0;
            listeners.HasNews = false;
            return listeners.IsReading ? [.. listeners.Sockets] : [];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(CheckEvery);
        while (await timer.WaitForNextTickAsync(stopping))
            try
            {
                Dictionary<string, long> marks;
                lock (_open)
                {
                    foreach (DirectLineSocket socket in _open.Values.SelectMany(l => l.Sockets))
                        socket.Check();
                    marks = _open.Where(l => l.Value.Sockets.Count > 0).ToDictionary(l => l.Key, l => l.Value.Sockets.Min(s => s.Mark));
                }
                if (marks.Count > 0)
                    await LookForOthers(marks, stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "The open conversations could not be looked at; they are again in {Seconds} s.", CheckEvery.TotalSeconds);
            }
    }

    // What another node wrote: one query for all open conversations, answered from the index alone.
    private async Task LookForOthers(Dictionary<string, long> marks, CancellationToken stopping)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(stopping);
        if (!db.IsPostgres)
            return;
        string[] open = [.. marks.Keys];
        var latest = await db.Conversations.Where(c => c.Channel == DirectLineChannel.Id && open.Contains(c.ChannelConversationId))
            .Select(c => new { c.ChannelConversationId, Last = db.Transcript.Where(t => t.ConversationId == c.Id).Max(t => (long?)t.Id) ?? 0 }).ToListAsync(stopping);
        foreach (var line in latest)
            if (line.Last > marks[line.ChannelConversationId])
                Wake(line.ChannelConversationId);
    }

    private sealed class Listeners
    {
        public readonly List<DirectLineSocket> Sockets = [];
        public bool HasNews;
        public bool IsReading;
    }
}
