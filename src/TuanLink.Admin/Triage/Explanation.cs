using System.Globalization;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Admin.Triage;

/// <summary>Why an inquiry was sorted as it was, in words a cadre can judge: read again from its first words whenever it is shown.</summary>
/// <param name="Because">The youth's own expressions that speak for the topic, strongest first.</param>
/// <param name="Topics">The topic it has, then the next likely ones, each with its probability (0..1).</param>
public sealed record Explanation(IReadOnlyList<string> Because, IReadOnlyList<TopicGuess> Topics)
{
    private const int Alternatives = 3;
    private const double WorthShowing = 0.01;

    public static Explanation Of(SorterInUse sorter, Inquiry inquiry, string firstWords)
    {
        if (firstWords.Length == 0)
            return new([], [new(inquiry.Topic, inquiry.SortedWith)]);
        Verdict verdict = sorter.Sort(firstWords, TriageContext.First);
        IEnumerable<TopicGuess> others = verdict.Alternatives.Prepend(new(verdict.Topic, verdict.TopicProbability)).Where(g => g.Topic != inquiry.Topic && g.Probability >= WorthShowing).Take(Alternatives);
        return new(sorter.WhyTopic(firstWords, inquiry.Topic), [new(inquiry.Topic, inquiry.SortedWith), .. others]);
    }

    /// <summary>"61%".</summary>
    public static string Share(double probability) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(probability * 100)}%");

    /// <summary>"「三个月」「没发工资」", or nothing.</summary>
    public string InWords => string.Concat(Because.Select(b => $"「{b}」"));
}
