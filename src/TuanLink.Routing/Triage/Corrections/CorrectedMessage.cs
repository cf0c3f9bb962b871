using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Corrections;

/// <summary>A message with what a human said of it; what they did not speak of is not taught.</summary>
/// <param name="Danger">Concern or Crisis where a human raised the danger; never None, for no correction teaches harmlessness.</param>
public sealed record CorrectedMessage(string Text, Topic? Topic = null, InquiryKind? Kind = null, Urgency? Urgency = null, Risk? Danger = null);

public static class TaughtSeeds
{
    /// <summary>The seeds with lessons added; another hash, so that what is learned has a file of its own.</summary>
    public static TriageSeeds TaughtBy(this TriageSeeds seeds, IReadOnlyList<CorrectedMessage> lessons)
    {
        if (lessons.Count == 0) return seeds;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(seeds.ContentHash));
        foreach (var l in lessons)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n{l.Topic}\t{l.Kind}\t{l.Urgency}\t{l.Danger}\t{l.Text}")));
        return seeds with { Corrected = lessons, ContentHash = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }
}
