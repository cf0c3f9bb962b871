namespace TuanLink.Routing.Triage.Versions;

/// <summary>The exact one-sided sign test on paired outcomes: what both got right or both got wrong says nothing.</summary>
public static class SignTest
{
    /// <summary>How likely (0..1) at least so many losses are among all that differ, if losing and winning were equally likely.</summary>
    public static double OfWorse(int losses, int wins)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(losses);
        ArgumentOutOfRangeException.ThrowIfNegative(wins);
        int differing = losses + wins;
        // log C(n, k) - n log 2, from k = 0 on; the sum stays exact enough for thousands of pairs.
        double log = -differing * Math.Log(2), sum = 0;
        for (int k = 0; k <= differing; k++)
        {
            if (k >= losses) sum += Math.Exp(log);
            log += Math.Log((double)(differing - k) / (k + 1));
        }
        return Math.Min(1, sum);
    }
}
