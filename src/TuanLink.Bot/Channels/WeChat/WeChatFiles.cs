using System.Globalization;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>
/// Sends a handler's file: a picture as a picture, anything else, and a picture WeChat does not take, as a card that leads to it; where no
/// public address is configured, a word that it waits. One message each, which counts among the five.
/// </summary>
public sealed class WeChatFiles(WeChatApi api, AttachmentBytes bytes, FileLinks links, Wording wording)
{
    /// <summary>The largest picture WeChat takes, in bytes.</summary>
    private const long LargestPicture = 10 * 1024 * 1024;

    // Reading, uploading and sending together: the lease of a conversation outlasts it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);

    /// <exception cref="WeChatError">WeChat does not take it.</exception>
    /// <exception cref="HttpRequestException">WeChat cannot be reached, or not in time.</exception>
    public async Task Send(string youth, Attachment file, Conversation to, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            if (IsPicture(file) && await TrySendPicture(youth, file, patience.Token))
                return;
            await api.SendCustom(links.To(file, to) is { } address
                ? new LinkCard(file.Name, wording.Say("reply_file_card", ("hours", links.Hours.ToString(CultureInfo.InvariantCulture))), address).Message(youth)
                : new { touser = youth, msgtype = "text", text = new { content = wording.Say("reply_file_waits", ("name", file.Name)) } }, patience.Token);
        }
        catch (Exception e) when (e is EndOfStreamException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new HttpRequestException("The file could not be sent in time.", e);
        }
    }

    /// <returns>False if WeChat does not take this picture as one.</returns>
    private async Task<bool> TrySendPicture(string youth, Attachment file, CancellationToken cancel)
    {
        for (int tries = 1; ; tries++)
        {
            string mediaId;
            try
            {
                mediaId = await api.UploadImage(file.MediaType, () => bytes.Open(file), cancel);
            }
            catch (WeChatError refused) when (refused.Code is 40004 or 40005 or 40006 or 40009 or 45001)
            {
                // Its kind or its size, whatever its first bytes say.
                return false;
            }
            try
            {
                await api.SendCustom(new { touser = youth, msgtype = "image", image = new { media_id = mediaId } }, cancel);
                return true;
            }
            catch (WeChatError unknown) when (unknown.Code == 40007 && tries == 1)
            {
                // What was uploaded is not there any more, or not yet on the machine that asks: once more.
            }
        }
    }

    private static bool IsPicture(Attachment file) => file is { MediaType: "image/jpeg" or "image/png" or "image/gif", Size: <= LargestPicture };
}
