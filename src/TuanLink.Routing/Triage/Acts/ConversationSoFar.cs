using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage.Acts;

/// <summary>A conversation as the service would remember it, message by message: for learning from whole conversations and for
/// measuring on them with the very context the service has.</summary>
internal sealed class ConversationSoFar
{
    private readonly List<string> _earlier = [];
    private readonly Stack<(Topic Topic, string Text, List<string> Said)> _open = new();

    /// <summary>Whether an inquiry was made before, open or not.</summary>
    public bool HasInquired { get; private set; }

    public TriageContext Context => new(
        [.. _earlier.Skip(_earlier.Count - TriageContext.Remembered)],
        _open.TryPeek(out var open) ? new OpenInquiry(open.Topic, open.Text, [.. open.Said]) : null);

    /// <summary>Goes on by one message.</summary>
    /// <param name="topic">Of an inquiry; of other acts it does not matter.</param>
    public void Hear(string text, TurnAct act, Topic topic)
    {
        _earlier.Add(text);
        if (_earlier.Count > TriageContext.Remembered) Forget(_earlier[^(TriageContext.Remembered + 1)]);
        // Words on an inquiry where none is open open one.
        if (act == TurnAct.NewInquiry || (act == TurnAct.FollowUp && _open.Count == 0)) _open.Push((topic, text, [text]));
        else if (act == TurnAct.Withdraw) _open.TryPop(out _);
        else if (act == TurnAct.Erase) _open.Clear();
        // Thanks and the like lie with what is open too.
        else if (_open.TryPeek(out var open)) open.Said.Add(text);
        HasInquired |= act is TurnAct.NewInquiry or TurnAct.FollowUp;
    }

    // What the service no longer reads is gone from the open inquiries too; their headline stays.
    private void Forget(string text)
    {
        foreach (var open in _open) open.Said.Remove(text);
    }
}
