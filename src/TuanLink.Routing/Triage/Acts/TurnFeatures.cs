namespace TuanLink.Routing.Triage.Acts;

/// <summary>What a <see cref="TurnReader"/> looks at, so that each can be left out to measure its worth.</summary>
[Flags]
internal enum TurnFeatures
{
    None = 0,

    /// <summary>What the words alone suggest, as learned from turns, acts and messages.</summary>
    Words = 1,

    /// <summary>Length, digits, signs and endings.</summary>
    Shape = 2,

    /// <summary>Whether an inquiry is open, and what the words suggest then.</summary>
    Open = 4,

    /// <summary>Whether the message is about what the open inquiry and its further words are about.</summary>
    Matter = 8,

    /// <summary>What came before: the previous message and how long the matter has been talked about.</summary>
    Before = 16,

    /// <summary>Turns of phrase that begin another matter or go on with one.</summary>
    Markers = 32,
}
