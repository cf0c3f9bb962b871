namespace TuanLink.Routing.Triage.Learning;

/// <summary>One question asked of every text (its topic, its kind, its danger…), with a fixed set of answers.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="Answers">How many answers there are.</param>
/// <param name="Labels">For each training text its answer, or -1 where the text does not teach this question.</param>
/// <param name="Cost">Penalty of an error.</param>
/// <param name="Balance">0 leaves rare answers rare; 1 weighs every answer the same; between them, in part.</param>
internal sealed record Head(string Name, int Answers, int[] Labels, double Cost, double Balance = 0);

/// <summary>A learned head: where its scores stand among all scores, and how scores become probabilities.</summary>
internal sealed record LearnedHead(string Name, int Offset, int Answers, Calibration Calibration);
