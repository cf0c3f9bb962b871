using TuanLink.Routing.Triage;

namespace TuanLink.Routing.Tests.Triage;

/// <summary>The shipped sorter, learned once for all tests that only ask it.</summary>
public static class Sorter
{
    public static string SeedsFolder { get; } = Path.Combine(AppContext.BaseDirectory, "seeds");

    private static readonly Lazy<TriageInquiry> Learned = new(() => TriageInquiry.Train(SeedsFolder, null));

    public static TriageInquiry Shipped => Learned.Value;

    public static Verdict Sort(string text) => Shipped.Sort(text, TriageContext.First);

    public static Verdict Sort(string text, params string[] earlier) => Shipped.Sort(text, new TriageContext(earlier));
}
