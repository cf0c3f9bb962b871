using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.SecondOpinions;

public enum OpinionState { Asked, Given, Failed, Rejected }

/// <summary>What a language model said of an inquiry: one row each, claimed before it is asked, so that no two nodes ask twice. Gone with the youth's data.</summary>
public sealed class SecondOpinion
{
    public long InquiryId { get; set; }
    public OpinionState State { get; set; }
    public DateTimeOffset AskedAt { get; set; }
    public int Attempts { get; set; }

    /// <summary>The model's name in the settings.</summary>
    public string Model { get; set; } = "";

    /// <summary>The topic it would choose; shown where the sorter was not sure, never applied.</summary>
    public Topic? Topic { get; set; }
    public Risk? Danger { get; set; }

    /// <summary>One line for whoever opens the item; empty without one.</summary>
    public string Summary { get; set; } = "";
}
