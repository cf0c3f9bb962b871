using TuanLink.Bot.Cards;
using TuanLink.Routing.Attachments;

namespace TuanLink.Bot.Conversations;

/// <summary>What a channel heard, already trusted and parsed: who said what where.</summary>
/// <param name="Channel">The channel's id, e.g. emulator or directline.</param>
/// <param name="ConversationId">The channel's id of the conversation.</param>
/// <param name="ActivityId">The channel's id of the activity; a repeat of it is the same words again. None if the channel gave none.</param>
/// <param name="Text">The words; empty for files alone and for <see cref="IsArrival"/>.</param>
/// <param name="IsArrival">The youth came into the conversation and said nothing yet.</param>
/// <param name="AnswerInline">The caller carries the replies itself: they are not sent again.</param>
/// <param name="ShowsCards">Whether the client shows Adaptive Cards.</param>
/// <param name="Click">What was pressed on a card; then there are no words.</param>
public sealed record IncomingWords(string Channel, string ConversationId, string? ActivityId, string UserId, string BotId, string ServiceUrl,
    string Text, bool IsArrival = false, bool AnswerInline = false, bool ShowsCards = false, CardClick? Click = null)
{
    /// <summary>The files that came with the words.</summary>
    public IReadOnlyList<SentFile> Files { get; init; } = [];
}
