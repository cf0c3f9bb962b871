using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>One activity of a transcript with its place in it.</summary>
public sealed record Shown(long Id, string Json);

/// <summary>What a transcript holds beyond a mark, as a poll and a socket hand it on.</summary>
public static class TranscriptNews
{
    /// <summary>The most activities handed on at once; what is beyond follows.</summary>
    public const int Most = 100;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The mark a client sent; what is none is the beginning.</summary>
    public static long Mark(string? watermark) => long.TryParse(watermark, NumberStyles.None, CultureInfo.InvariantCulture, out long mark) ? mark : 0;

    public static async Task<List<Shown>> After(RoutingDb db, DirectLineFiles files, string conversation, long mark, CancellationToken cancel)
    {
        List<Shown> news = await db.Transcript.Where(t => t.Id > mark && db.Conversations.Any(c => c.Id == t.ConversationId && c.Channel == DirectLineChannel.Id && c.ChannelConversationId == conversation))
            .OrderBy(t => t.Id).Take(Most).Select(t => new Shown(t.Id, t.Json)).ToListAsync(cancel);
        return news.ConvertAll(shown => shown with { Json = files.Sign(conversation, shown.Json) });
    }

    /// <summary>An ActivitySet: the activities, and the mark behind them or, if there are none, the one given.</summary>
    /// <param name="here">Scheme and host under which the reader reaches us: the addresses of handlers' files begin so.</param>
    public static byte[] Write(IReadOnlyList<Shown> news, long mark, string here)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("activities");
            foreach (Shown shown in news)
                json.WriteRawValue(DirectLineFiles.From(shown.Json, here), skipInputValidation: true);
            json.WriteEndArray();
            json.WriteString("watermark", (news.Count > 0 ? news[^1].Id : mark).ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        return body.ToArray();
    }
}
