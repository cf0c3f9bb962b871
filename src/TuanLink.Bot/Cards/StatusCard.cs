using TuanLink.Routing;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Units;

namespace TuanLink.Bot.Cards;

/// <summary>Where a youth's items stand, as a card: which matter it was, who has it and until when, with what can be done about it.</summary>
public sealed class StatusCard(Wording wording)
{
    /// <param name="shown">The youth's open items, the latest first.</param>
    /// <param name="status">What a status is called to a youth.</param>
    public string Of(IReadOnlyList<Inquiry> shown, Roster roster, Func<InquiryStatus, string> status, DateTimeOffset now) => AdaptiveCard.Write(
        json =>
        {
            foreach (Inquiry item in shown)
            {
                json.Words($"{item.Reference} {status(item.Status)}", isHeading: true);
                json.Words(item.Headline);
                string handler = roster.HandlerOf(item.HandlerId).PublicName;
                string since = $"{ChinaTime.Of(item.CreatedAt):M月d日 HH:mm}";
                if (item.RoundAnsweredAt is null)
                    json.Facts((wording.Say("status_since"), since), (wording.Say("status_handler"), handler), (wording.Say("status_until"), SpokenTime.Until(item.ResponseDueAt, now)));
                else
                    json.Facts((wording.Say("status_since"), since), (wording.Say("status_handler"), handler));
            }
        },
        json =>
        {
            json.Submit(wording.Say("status_human"), ("tuanlink", "human"));
            // Of several, which one is asked in words.
            if (shown.Count == 1)
                json.Submit(wording.Say("status_withdraw"), ("tuanlink", "withdraw"), ("item", shown[0].Reference));
        });
}
