using TuanLink.Routing.Database;

namespace TuanLink.Routing.Timeline;

public static class Timelines
{
    /// <summary>Notes what happened to an inquiry, with its reason, in the caller's transaction.</summary>
    /// <param name="text">In Chinese, for the people who read the item; never words of the youth.</param>
    public static void Happened(this RoutingDb db, long inquiryId, DateTimeOffset at, Happening happening, string text, long? actor = null) =>
        db.Append(new TimelineEntry { InquiryId = inquiryId, At = at, Happening = happening, Text = text, ActorId = actor });
}
